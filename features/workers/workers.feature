Feature: Workers on many machines
  A run whose ledger is in a PostgreSQL database hands its windows to workers. Commands, rows and guarantees are
  those of a run on one machine.

  Rule: Every window is final once, whoever works it

    @slow
    Example: Two workers share a run
      Given an empty PostgreSQL database as the store
      And the workers "one" and "two" of that store
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And each of its 8 windows is final once, on a worker of that store
      And the second window of each pair was opened when the first was final
      And "experiment report --json" counts the windows of each worker

    @slow
    Example: A worker is killed in the middle of a window
      Given an empty PostgreSQL database as the store
      And the workers "one" and "two" of that store
      When the first worker that begins a window of "experiment run --seed 42" is killed
      Then it ends with exit code 0
      And each of its 8 windows is final once, on a worker of that store
      And 1 attempt was interrupted
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
      And the workers "one" and "two" of that store, and 1 window of a provider at once
      When I run "experiment run --config experiment.yaml"
      Then it ends with exit code 0
      And each of its 8 windows is final once, on a worker of that store
      And no two windows of a provider overlap

  Rule: A worker that would work otherwise than its coordinator takes nothing

    @slow
    Example: Its tasks differ
      Given an empty PostgreSQL database as the store
      And a worker of that store whose experiment has fewer tasks
      When I start "experiment run --config experiment.yaml"
      Then the worker says "takes no windows" and "differs"

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

  Rule: What a pair may take is set aside of the cap before it starts

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
