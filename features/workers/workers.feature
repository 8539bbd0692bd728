Feature: Workers on many machines
  A run whose ledger is in a PostgreSQL database hands its windows to workers. Commands, rows and guarantees are
  those of a run on one machine.

  Rule: Every window is final once, whoever works it

    @slow
    Example: Two workers share a run
      Given an empty PostgreSQL database as the store
      And the workers "one" and "two" of that store
      When I run "experiment run --seed 42"
      Then each of its 8 windows is final once, on a worker of that store
      And the second window of each pair was opened when the first was final
      And each of its workers has said once "The store's server runs with fsync = off"
      And "experiment report --json" counts the windows of each worker

    @slow
    Example: A worker is killed in the middle of a window
      Given an empty PostgreSQL database as the store
      And the workers "one" and "two" of that store
      When the first worker that begins a window of "experiment run --seed 42" is killed
      Then it ends with exit code 0
      And each of its 8 windows is final once, on a worker of that store
      And the ledger has 1 row of "window_interrupted"
      And "experiment watch --once" prints "8 of 8 windows final"

  Rule: What an agent printed stays on its worker, and its row has the hash

    @slow
    Example: The coordinator misses it
      Given an empty PostgreSQL database as the store
      And the workers "one" and "two" of that store
      And "experiment run --seed 42" has been run
      When I run "experiment ledger verify"
      Then it ends with exit code 0
      And it prints each of:
        | windows.jsonl: unchecked (log-missing) |
        | 8 of 8                                 |
        | (worker                                |

    @slow
    Example: The worker checks it
      Given an empty PostgreSQL database as the store
      And the worker "one" of that store
      And "experiment run --seed 42" has been run
      When I run "experiment ledger verify --data-dir one"
      Then it ends with exit code 0
      And it prints "Whole: every row is what was written"

  Rule: A provider's windows bound all machines together

    @slow
    Example: One window of each provider
      Given an empty PostgreSQL database as the store
      And a small experiment with:
        | tasks                 | lru-cache, rate-limiter, csv-records, room-bookings |
        | windows of a provider | 1                                                   |
      And the workers "one" and "two" of that store, with "--config experiment.yaml --slots 2"
      When I run "experiment run --config experiment.yaml"
      Then it ends with exit code 0
      And each of its 8 windows is final once, on a worker of that store
      And no two windows of a provider ran at the same time

  Rule: Workers continue an experiment that is continued

    @slow
    Example: Resumed
      Given an empty PostgreSQL database as the store
      And the workers "one" and "two" of that store
      And "experiment run --seed 42" was interrupted when a window was final
      When I run "experiment run --seed 42 --resume"
      Then it ends with exit code 0
      And each of its 8 windows is final once, on a worker of that store

    @slow
    Example: Extended by a task
      Given an empty PostgreSQL database as the store
      And a small experiment
      And the workers "one" and "two" of that store, with "--config experiment.yaml"
      And "experiment run --config experiment.yaml" has ended with exit code 0
      And a small experiment with:
        | tasks | lru-cache, rate-limiter |
      When it is run again with "--config experiment.yaml --extend" and its id
      Then each of its 4 windows is final once, on a worker of that store

    @slow
    Example: Its missing windows are worked again
      Given an empty PostgreSQL database as the store
      And a small experiment
      And the workers "one" and "two" of that store, with "--config experiment.yaml"
      And "experiment run --config experiment.yaml --command-budget /implement=0" has ended with exit code 1
      When I run "experiment run --config experiment.yaml --retry-missing --command-budget /implement=90000"
      Then each of its 4 windows is final once, on a worker of that store
      And the windows end as "no_spend, no_spend, pass, pass", in the order of the schedule

    @slow
    Example: Work that a grader could not judge is done again, because no other machine has it
      Given an empty PostgreSQL database as the store
      And a small experiment whose acceptance suite is gone as soon as a model is asked
      And the workers "one" and "two" of that store, with "--config experiment.yaml"
      And "experiment run" has ended with exit code 1
      And the acceptance suite is back
      When I run "experiment run --retry-missing"
      Then each of its 4 windows is final once, on a worker of that store

    @slow
    Example: The baseline against itself
      Given an empty PostgreSQL database as the store
      And a small experiment
      And the workers "one" and "two" of that store, with "--config experiment.yaml"
      When I run "experiment run --config experiment.yaml --aa"
      Then it ends with exit code 0
      And each of its 2 windows is final once, on a worker of that store

  Rule: A worker that would work otherwise than its coordinator takes none of its windows, and both say why

    @slow
    Example: Its tasks differ
      Given an empty PostgreSQL database as the store
      And a small experiment with:
        | tasks | lru-cache, rate-limiter |
      And a small experiment in "other.yaml"
      And the worker "fewer" of that store, with "--config other.yaml"
      When I start "experiment run --config experiment.yaml"
      Then worker, run and "experiment watch --once" say "fewer takes no windows" and "the task rate-limiter is missing here"

    @slow
    Example: A setting differs
      Given an empty PostgreSQL database as the store
      And a small experiment
      And a small experiment in "other.yaml" with:
        | models | model-c, model-b |
      And the worker "other" of that store, with "--config other.yaml"
      When I start "experiment run --config experiment.yaml"
      Then worker, run and "experiment watch --once" say "other takes no windows" and 'providers.first.model is "model-c" here and "model-a" there'

    @slow
    Example: Its version differs
      Given an empty PostgreSQL database as the store
      And a worker "old" of that store with the version "0.0.9"
      When I start "experiment run --seed 42"
      Then worker, run and "experiment watch --once" say "old takes no windows" and "it has counterbalance 0.0.9, and the coordinator has"

    @slow
    Example: The coordinator of an experiment that it can't work was killed
      Given an empty PostgreSQL database as the store
      And a small experiment with:
        | tasks | lru-cache, rate-limiter |
      And a small experiment in "other.yaml"
      And the worker "fewer" of that store, with "--config other.yaml"
      And the coordinator of the experiment with more tasks was killed
      When I run "experiment run --config other.yaml"
      Then each of its 2 windows is final once, on a worker of that store

  Rule: The budgets of a run hold on every worker

    @slow
    Example: A limit of the command line
      Given an empty PostgreSQL database as the store
      And a small experiment with:
        | tokens of an answer | 1000 |
      And the workers "one" and "two" of that store, with "--config experiment.yaml"
      When I run "experiment run --config experiment.yaml --command-budget /implement=6000"
      Then it ends with exit code 0
      And the windows end as "capped, capped", in any order

  Rule: A store shows nothing of a worker but its name, its place and its windows

    @slow
    Example: Its environment
      Given an empty PostgreSQL database as the store
      And a worker "one" of that store with the key "sesame-1234"
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And the database does not have the text "sesame-1234"

  Rule: Ctrl-C ends a run, whatever its workers and its database do

    @slow
    Scenario Outline: <MOMENT>
      Given an empty PostgreSQL database as the store
      And a worker "one" of that store, and a run in a process of its own whose window it works
      And <MOMENT>
      When it is interrupted
      Then it ends with exit code 130
      And it says "Continue with:" on stderr
      And it says "<SAYS>" on stderr

      Examples:
        | MOMENT                 | SAYS              |
        | its worker continues   | Interrupted       |
        | its worker is killed   | everything is saved |
        | its worker is paused   | everything is saved |
        | its database is killed | did not answer    |
        | its database is paused | did not answer    |

    @slow
    Scenario Outline: Twice, and <MOMENT>
      Given an empty PostgreSQL database as the store
      And a worker "one" of that store, and a run in a process of its own whose window it works
      And <MOMENT>
      When it is interrupted twice
      Then it ends with exit code 130

      Examples:
        | MOMENT                 |
        | its worker is killed   |
        | its database is paused |

  Rule: The commit of a task reaches every worker through the store

    @slow
    Example: A worker without the repository
      Given a task from a commit that asks for a function double, solved by:
        """
        export const double = (a) => 2 * a;
        """
      And an empty PostgreSQL database as the store
      And a worker of that store with its bank and experiment, but no repository
      When I run "experiment run --config experiment.yaml"
      Then it ends with exit code 0
      And each of its 2 windows is final once, on a worker of that store

  Rule: Before a pair starts, the run sets aside what it may take of the cap

    Example: A cap below it
      Given an empty PostgreSQL database as the store
      When I run "experiment run --seed 42 --overall-token-budget 900"
      Then it ends with exit code 4
      And it says "of the overall budget of 900 tokens, 900 tokens are left" on stderr

    Example: A cap with room for one window of the pair
      Given an empty PostgreSQL database as the store
      When I run "experiment run --seed 42 --overall-token-budget 4000 --command-budget /implement=3000"
      Then it ends with exit code 4
      And it says "may take 6000 tokens; of the overall budget of 4000 tokens, 4000 tokens are left" on stderr

    Example: A rolling period
      Given an empty PostgreSQL database as the store
      When I run "experiment run --seed 42 --period 1h --period-token-budget 90000"
      Then it ends with exit code 2
      And it says "no budget of a period together with --store" on stderr

  Rule: A database that does not answer is named

    Example: Watching it
      Given the store "postgres://nobody@127.0.0.1:9/none"
      When I run "experiment watch --once"
      Then it ends with exit code 1
      And it says "postgres://nobody@127.0.0.1:9/none: expected a database" on stderr
      And it does not say "    at " on stderr

  Rule: A database that is starting is waited for

    @slow
    Example: Its server takes no connections yet
      Given an empty PostgreSQL database as the store
      And its database is killed
      And the workers "one" and "two" of that store
      When the database is started as soon as "experiment run --seed 42" waits for it
      Then it ends with exit code 0
      And it says "the server takes no connections. Waiting for it, at most 60 s more." on stderr
      And it says "the database answers." on stderr

  Rule: PgBouncer has to keep sessions

    Scenario Outline: In <MODE> mode
      Given an empty PostgreSQL database behind PgBouncer in <MODE> mode as the store
      When I run "experiment <COMMAND>"
      Then it ends with exit code 2
      And it says "got PgBouncer in transaction or statement mode, or a pooler like it" on stderr

      Examples:
        | MODE        | COMMAND       |
        | transaction | run --seed 42 |
        | transaction | worker        |
        | transaction | watch --once  |
        | statement   | preview       |

    @slow
    Example: In session mode
      Given an empty PostgreSQL database behind PgBouncer in session mode as the store
      And the workers "one" and "two" of that store
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And each of its 8 windows is final once, on a worker of that store

  Rule: Wrong options are named

    Scenario Outline: <COMMAND>
      Given the store "<STORE>"
      When I run "experiment <COMMAND>"
      Then it ends with exit code 2
      And it says "<REFUSAL>" on stderr

      Examples:
        | COMMAND                  | STORE                          | REFUSAL                                    |
        | worker                   |                                | --store: expected the address of the store |
        | watch                    |                                | --store: expected the address of the store |
        | worker --slots 0         | postgres://nobody@localhost/no | --slots: expected a whole number           |
        | worker --metrics 70000   | postgres://nobody@localhost/no | --metrics: expected a whole number         |
        | worker --class two\ many | postgres://nobody@localhost/no | --class: expected at most 40 letters       |

    Scenario Outline: The address: <REFUSAL>
      Given the store "postgres://nobody@localhost/no?<PARAMETERS>"
      When I run "experiment preview"
      Then it ends with exit code 2
      And it says 'COUNTERBALANCE_STORE: expected <REFUSAL>' on stderr
      And it does not say "    at " on stderr

      Examples:
        | PARAMETERS                                   | REFUSAL                                                      |
        | sslmode=verify-full&sslrootcert=/none/ca.pem | sslrootcert to be a file in PEM, got /none/ca.pem: there is no such file. |
        | sslmode=verify-full&sslmode=disable          | each part of the address once, got two of "sslmode".         |
