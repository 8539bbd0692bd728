Feature: Help
  Every command explains itself on one screen, with examples that can be typed.

  Rule: The list of commands shows where to start

    Example: experiment --help
      When I run "experiment --help"
      Then it ends with exit code 0
      And it lists these groups in order:
        | GROUP                  | COMMANDS                                                                  |
        | Start                  | init, plan                                                                |
        | Run                    | run, worker                                                               |
        | Look                   | report, view, preview, watch, compare, gate, backlog                      |
        | Measure manual windows | proxy, window, snapshot, ingest, reconcile, override, complete, churn, undo, audit, aliases, schedule, checkpoint |
        | Ledger                 | ledger                                                                    |
        | Tools                  | task, workflow, handoff, regrade, prices, analyze, simulate, clean, doctor, completion, help |

    Example: No command at all
      When I run "experiment"
      Then it ends with exit code 2
      And it says "Usage: experiment <command> [options]" on stderr
      And nothing is written

    Example: A group without its command
      When I run "experiment ledger"
      Then it ends with exit code 2
      And it says "Usage: experiment ledger <command> [options]" on stderr

  Rule: The list of commands names every exit code

    Example: Exit codes of the program
      When I run "experiment --help"
      Then it lists these exit codes:
        | CODE | MEANING                                             |
        | 0    | done; for gate: expand                              |
        | 1    | failed                                              |
        | 2    | wrong usage or configuration                        |
        | 3    | refused, because it would break a rule on clean data |
        | 4    | stopped by a budget                                 |
        | 5    | halted by a stop rule                               |
        | 6    | the ledger is damaged                               |
        | 10   | for gate: stay lean                                 |
        | 130  | interrupted; everything is saved                    |

    Example: Exit codes of one command
      When I run "experiment gate --help"
      Then it lists these exit codes:
        | CODE | MEANING                                        |
        | 0    | expand                                         |
        | 5    | a stop rule halted the experiment              |
        | 6    | the ledger is damaged, or a row can't be read  |
        | 10   | stay lean                                      |

  Rule: Every command has help that fits a terminal

    Example: Columns and lines
      When I ask every command for its help
      Then no line of help is wider than 80 columns, and no group of lines is longer than 24 lines

  Rule: Every command has examples that it accepts

    Example: The examples of all commands
      When I ask every command for its help
      Then each help shows examples, and the program accepts each of them

  Rule: A misspelt name is answered with the nearest one

    Scenario Outline: <NAME>
      When I run "experiment <WORDS>"
      Then it ends with exit code 2
      And it says 'Did you mean <MEANT>?' on stderr

      Examples:
        | NAME               | WORDS                            | MEANT            |
        | a command          | reprt                            | report           |
        | a sub-command      | ledger verfy                     | verify           |
        | an option          | run --sed 42                     | --seed           |
        | a choice           | gate --policy strct              | "strict"         |
        | a task             | task show lru-cach               | "lru-cache"      |
        | a format           | report --format mardown          | "markdown"       |
        | a budget's command | plan --command-budget /implemt=4 | "/implement"     |
        | a budget's role    | plan --role-budget implementr=4  | "implementer"    |
        | a budget's mode    | plan --budget-basis uncachd      | "uncached"       |
        | a kind of data     | simulate --cell hold-rare-run    | "hold-rare-ruin" |

    Scenario Outline: <NAME> of a finished experiment
      Given the rehearsal has been run
      When I run "experiment <WORDS>"
      Then it ends with exit code 2
      And it says 'Did you mean <MEANT>?' on stderr

      Examples:
        | NAME          | WORDS                            | MEANT          |
        | an experiment | preview --experiment 6b2c9cb7d0f | "6b2c9cb7d0f1" |
        | a window      | regrade --window W0-1            | "W0-01"        |

    Example: A name that is like none
      When I run "experiment run --provider x"
      Then it ends with exit code 2
      And it says "unknown option '--provider'. (--help says more)" on stderr

  Rule: The version is that of the package

    Example: --version
      When I run "experiment --version"
      Then it ends with exit code 0
      And it prints the version in package.json

    Example: --version --verbose, for a bug report
      Given the variable ANTHROPIC_API_KEY is "sk-of-the-user"
      When I run "experiment --version --verbose"
      Then it ends with exit code 0
      And it prints the versions of the program, Node, git and every agent, whether there is "terminal, sandbox, duckdb, instrumenter", and no folder, host name or key
