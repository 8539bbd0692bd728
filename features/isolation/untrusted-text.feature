Feature: Text from task authors, agents and models
  Tasks, answers and output come from others. What could harm is refused with its file and line, or escaped
  for the place that shows it.

  Rule: A task that could harm is refused

    Background:
      Given a bank "bank" with a copy of the task "lru-cache"
      And a small experiment with:
        | bank | bank |

    Scenario Outline: Its <FIELD> <FAULT>
      Given the file "bank/lru-cache/task.yaml" says '<TEXT>' on line <LINE>
      When I run "experiment run"
      Then it ends with exit code 2
      And it says 'bank/lru-cache/task.yaml:<LINE>: expected <EXPECTED>' on stderr
      And it writes no control codes on stderr
      And nothing is written

      Examples:
        | FIELD   | FAULT                   | LINE | TEXT                                                                                      | EXPECTED                                                                                                |
        | title   | has a terminal's escape | 2    | title: "A cache\e[2J"                                                                     | "title" to be one line of at most 200 characters, without control characters, got "A cache\u001b[2J".   |
        | title   | has a line break        | 2    | title: "A cache\\n# Report"                                                               | "title" to be one line of at most 200 characters, without control characters, got "A cache\\n# Report". |
        | title   | reverses text           | 2    | title: "A cache\u202E"                                                                    | "title" to be one line of at most 200 characters                                                        |
        | stratum | has a terminal's escape | 4    | stratum: "\e]0;owned\a"                                                                   | "stratum" to be one line of at most 200 characters                                                      |
        | field   | has the reserved name   | 4    | __proto__: { stratum: small }                                                             | a name, got "__proto__", which is reserved. Write another name.                                         |
        | field   | is an alias of itself   | 4    | stratum: &a [*a]                                                                          | plain YAML, got:                                                                                        |
        | field   | multiplies its aliases  | 4    | stratum: [&a [1, 1], &b [*a,*a,*a,*a,*a,*a], &c [*b,*b,*b,*b,*b,*b], [*c,*c,*c,*c,*c,*c]] | plain YAML, got: Excessive alias count                                                                  |

    Example: Its task.yaml nests without end
      Given the file "bank/lru-cache/task.yaml" has 300000 times "[" on line 4
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "bank/lru-cache/task.yaml:4: expected at most 100 levels of lists and maps, got more. Leave some out." on stderr
      And nothing is written

    Scenario Outline: Its <FILE> has 10 MB
      Given the file "bank/lru-cache/<FILE>" has 10000000 times "#" on line 1
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "bank/lru-cache/<FILE>:1: expected at most <MOST> bytes, got 100" on stderr
      And nothing is written

      Examples:
        | FILE                     | MOST    |
        | feature.feature          | 100000  |
        | task.yaml                | 1000000 |
        | acceptance/large.feature | 1000000 |

  Rule: Names that JavaScript objects have are names like others, or refused

    Example: A provider that is named __proto__
      Given a small experiment
      And its file says "routes: { __proto__: [] }"
      When I run "experiment plan"
      Then it ends with exit code 2
      And it says 'expected a name, got "__proto__", which is reserved. Write another name.' on stderr

    @slow
    Example: Providers that are named constructor and toString
      Given a small experiment
      And the file "experiment.yaml" is changed:
        | TEXT    | INSTEAD      |
        | first:  | constructor: |
        | second: | toString:    |
      When it is run with "--overall-token-budget 1000000"
      Then it ends with exit code 0
      And the preview prints "Windows: 2 of 2 done"
      And the preview prints "Cost ratio constructor ÷ toString"

  Rule: Answers and rows may have any keys and texts

    Example: A model's answer with keys of prototypes, from a model with a terminal's escape in its name
      Given a small experiment whose model answers with keys of prototypes and control codes
      When I run "experiment run"
      Then it ends with exit code 0
      And the preview prints "Windows: 2 of 2 done"
      And it writes no control codes on stdout
      And the first window counts 30 tokens
      And no object has got a new property

    Example: Rows with keys of prototypes
      Given a finished experiment of two windows
      And the ledger has an anomaly with keys of prototypes and control codes
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says 'odd\\u001b\[31m &lt;b&gt;'
      And no object has got a new property

    Example: Rows with keys of prototypes, as CSV
      Given a finished experiment of two windows
      And the ledger has an anomaly with keys of prototypes and control codes
      When I run "experiment ledger export --to csv --out tables"
      Then it ends with exit code 0
      And the file "tables/anomaly_recorded.csv" says "'=cmd()"

  Rule: Keys are removed from the output of agents

    @spawn
    Example: An agent prints its key, and the provider's key that it has found
      Given a "claude" on the PATH that asks the model and prints its keys in pieces
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And the capture of the first window holds "own key: ****"
      And the capture of the first window holds "provider's key: ****"
      And the capture of the first window holds no key
