Feature: What a database has for a store
  "experiment doctor --store" says whether a database can hold the ledger and serve the planned workers, and what
  to do about the rest. It writes nothing.

  Rule: Everything that a store needs is named

    Example: An empty database
      Given an empty PostgreSQL database as the store
      When I look at the store with "--workers 20"
      Then it ends with exit code 0
      And it prints each of:
        | server              yes    PostgreSQL                |
        | writes              yes    taken                     |
        | encoding            yes    UTF8                      |
        | schema              yes    none yet                  |
        | needed: 4 × 20 |
        | clock                                                  |
        | A run and its workers can use this store.              |
      And no line that it prints has more than 80 columns

    Example: A server whose crash may lose rows
      Given an empty PostgreSQL database as the store
      When I look at the store
      Then it ends with exit code 0
      And it prints each of:
        | off; this program commits with on                       |
        | fsync: Switch it on                                     |
        | full_page_writes: Switch it on                          |

    Example: For scripts
      Given an empty PostgreSQL database as the store
      When I look at the store with "--json"
      Then it ends with exit code 0
      And it prints '"is_fit": true'
      And it prints '"part": "synchronous_commit"'

    Example: Beside the machine, if a variable names the store
      Given the store "postgres://nobody@127.0.0.1:9/none"
      When I run "experiment doctor"
      Then it ends with exit code 1
      And it prints each of:
        | git                                  |
        | postgres://nobody@127.0.0.1:9/none:  |
        | This store is not ready: server.     |

  Rule: A missing part ends with exit code 1 and a remedy

    Scenario Outline: <CASE>
      Given an empty PostgreSQL database as the store
      And in that database: "<SQL>"
      When I look at the store with "<OPTIONS>"
      Then it ends with exit code 1
      And it prints "<TOLD>"
      And it prints "<REMEDY>"
      And no line that it prints has more than 80 columns

      Examples:
        | CASE                      | SQL                                                    | OPTIONS       | TOLD              | REMEDY                       |
        | More workers than fit     | select 1                                               | --workers 900 | connections         NO | each needs 4                 |
        | A server that only reads  | alter database DB set default_transaction_read_only=on |               | it is read-only   | default_transaction_read_only |

    Example: Somebody has switched the checks off
      Given the ledger of a run
      And it was imported into an empty PostgreSQL database, now the store
      And in that database: "alter table counterbalance.ledger_rows disable trigger all"
      When I look at the store
      Then it ends with exit code 1
      And it prints "switched off: rows_are_checked"
      And it prints "experiment ledger verify"

    Example: A user without rights
      Given the ledger of a run
      And it was imported into an empty PostgreSQL database, now the store
      And the user "guest" of that database
      When I look at the store
      Then it ends with exit code 1
      And it prints "guest has no rights"
      And it prints "grant counterbalance_worker to"

    Example: Workers without a store
      When I run "experiment doctor --workers 3"
      Then it ends with exit code 2
      And it says "--workers: expected --store with it" on stderr

  Rule: A session says once what its server risks

    Example: The coordinator
      Given an empty PostgreSQL database as the store
      When I run "experiment run --seed 42 --overall-token-budget 900"
      Then it ends with exit code 4
      And it prints or says once "The store's server runs with fsync = off"
