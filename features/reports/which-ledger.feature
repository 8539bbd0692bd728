Feature: The ledger that a figure was made of
  Whatever shows figures of a ledger names its id and one SHA-256 over the last rows of its files. The same
  rows give the same hash, so a report can be matched with a ledger, a checkpoint or a kept anchor.

  Background:
    Given the ledger of a run

  Rule: Every report, page and preview names its ledger

    Scenario Outline: experiment <COMMAND>
      When I run "experiment <COMMAND>"
      Then it prints the ledger's id and the hash of its heads

      Examples:
        | COMMAND                                             |
        | preview                                             |
        | preview --json                                      |
        | preview --window W0-01                              |
        | report --json                                       |
        | compare --baseline first --candidate second --json  |
        | run --json                                          |
        | ledger verify                                       |
        | ledger verify --json                                |

    Example: Each format of a report
      When I run "experiment report --format all --out out"
      Then it ends with exit code 0
      And each of these has the ledger's id and the hash of its heads:
        | out/report.md       |
        | out/report.html     |
        | out/report.json     |
        | out/junit.xml       |
        | out/csv/figures.csv |

    Scenario Outline: The gate names the rows that it decided by: experiment <COMMAND>
      Given the hash of the ledger's heads is noted
      When I run "experiment <COMMAND>"
      Then it prints the ledger's id and the noted hash

      Examples:
        | COMMAND     |
        | gate        |
        | gate --json |

  Rule: A checkpoint has the same hash

    Scenario Outline: experiment <COMMAND>
      When I run "experiment <COMMAND>"
      Then it ends with exit code 0
      And it prints the ledger's id and the hash of its heads

      Examples:
        | COMMAND                  |
        | ledger checkpoint        |
        | ledger checkpoint --json |

    Example: The report of a session has the hash of its last checkpoint
      Then the last checkpoint has the hash of the ledger's heads

    Example: A checkpoint changes no report
      Given the hash of the ledger's heads is noted
      And "experiment ledger checkpoint" has been run
      When I run "experiment report --json"
      Then it prints the ledger's id and the noted hash

  Rule: One more row gives another hash

    Example: A feature of the backlog
      Given the hash of the ledger's heads is noted
      And "experiment backlog ready search" has been run
      When I run "experiment preview --json"
      Then it does not print the noted hash

  Rule: A database and files with the same rows have the same hash

    Scenario Outline: experiment <COMMAND>, from a database
      Given the hash of the ledger's heads is noted
      And it was imported into an empty PostgreSQL database, now the store
      When I run "experiment <COMMAND>"
      Then it prints the ledger's id and the noted hash

      Examples:
        | COMMAND                  |
        | preview --json           |
        | ledger verify            |
        | ledger checkpoint --json |
