Feature: The list of commands
  The list shows the commands for providers, role by role, each with the budget of one attempt. It runs
  nothing, writes nothing and spends nothing.

  Rule: Every command is listed under its role, with its windows and its budget

    Background:
      Given a small experiment with:
        | tasks       | lru-cache, rate-limiter |
        | concurrency | 2                       |

    Example: There are no budgets
      When I run "experiment run --list-commands"
      Then it ends with exit code 0
      And it prints the lines:
        """
        Overall: [NO BUDGET SET]
        Role implementer: [NO BUDGET SET]
        COMMAND     WINDOWS  PROVIDERS      BUDGET OF ONE ATTEMPT
        /implement  4        first, second  [NO BUDGET SET]
        """
      And it prints "Nothing was run."
      And nothing is written

    Example: A budget is an empty bar
      When I run "experiment run --list-commands --command-budget /implement=40000 --role-budget implementer=60000"
      Then it ends with exit code 0
      And it prints each of:
        | Role implementer: [--------------------] 0.0 % (0 / 60.0K uncached)        |
        | /implement  4        first, second  [--------------------] 0.0 % (0 / 40.0K uncached) |
      And nothing is written

    Example: A budget of zero is a full bar
      When I run "experiment run --list-commands --command-budget /implement=0"
      Then it ends with exit code 0
      And it prints "[####################] 100.0 % (0 / 0 uncached)"

    Example: Bars can be switched off
      When I run "experiment run --list-commands --command-budget /implement=40000 --disable-budget-visuals"
      Then it ends with exit code 0
      And it prints "first, second  0.0 % (0 / 40.0K uncached)"

    Example: The budget of all windows together comes first
      When I run "experiment run --list-commands --overall-token-budget 900000 --overall-cost-budget unlimited --window-minutes-budget 20"
      Then it ends with exit code 0
      And it prints each of:
        | Overall: [--------------------] 0.0 % (0 / 900.0K uncached) |
        | Each window: [--------------------] 0.0 % (0.0 / 20 min)    |
      And nothing is written

    Example: A limit that does not hold is not drawn
      Given a small experiment whose thousand tokens cost 1 dollar
      When I run "experiment run --list-commands --command-budget /implement=40000 --command-cost-budget /implement=2 --budget-parameter-type cost"
      Then it ends with exit code 0
      And it prints "0.0 % ($0.0000 / $2.00)"
      And it does not print "40.0K"

  Rule: A script reads the same as JSON

    Example: Each limit with its origin
      Given a small experiment
      And its file says "budgets: { commands: { implement: { tokens: 70000, minutes: 20 } } }"
      When I run "experiment run --list-commands --json --role-budget implementer=60000 --overall-token-budget 90000"
      Then it ends with exit code 0
      And the listed commands are:
        | ROLE        | COMMAND    | WINDOWS | PROVIDERS     |
        | implementer | /implement | 2       | first, second |
      And the listed limits are:
        | SCOPE   | NAME        | UNIT    | LIMIT | ORIGIN               |
        | overall | overall     | tokens  | 90000 | command line         |
        | role    | implementer | tokens  | 60000 | command line         |
        | command | /implement  | tokens  | 70000 | file experiment.yaml |
        | command | /implement  | minutes | 20    | file experiment.yaml |
      And nothing is written

  Rule: The roles of a team are listed with their own commands and budgets

    Example: One agent alone against a team
      Given an experiment of a builder and a critic whose model has "solve_probability: 1"
      And its critic has "budgets: { tokens: 500, minutes: 15 }"
      When I run "experiment run --list-commands --role-budget critic=400 --role-budget builder=6000"
      Then it ends with exit code 0
      And it prints the lines:
        """
        Role implementer: [NO BUDGET SET]
        COMMAND     WINDOWS  PROVIDERS  BUDGET OF ONE ATTEMPT
        /implement  1        alone      [NO BUDGET SET]
        Role builder of pair.yaml: [--------------------] 0.0 % (0 / 6.0K uncached)
        COMMAND  WINDOWS  PROVIDERS  BUDGET OF ONE ATTEMPT
        /build   1        team       [NO BUDGET SET]
        """
      And it prints each of:
        | Role critic of pair.yaml: [--------------------] 0.0 % (0 / 400 uncached), [--------------------] 0.0 % (0 / 500 uncached), [--------------------] 0.0 % (0.0 / 15 min) |
        | /criticise  1        team |
      And nothing is written

    Example: For a script, a role has its limits from the command line and from its workflow
      Given an experiment of a builder and a critic whose model has "solve_probability: 1"
      And its critic has "budgets: { tokens: 500 }"
      When I run "experiment run --list-commands --json --role-budget critic=900 --command-budget /build=40000"
      Then it ends with exit code 0
      And the listed commands are:
        | ROLE        | COMMAND    | WINDOWS | PROVIDERS |
        | implementer | /implement | 1       | alone     |
        | builder     | /build     | 1       | team      |
        | critic      | /criticise | 1       | team      |
      And the listed limits are:
        | SCOPE   | NAME   | UNIT   | LIMIT | ORIGIN             |
        | command | /build | tokens | 40000 | command line       |
        | role    | critic | tokens | 900   | command line       |
        | role    | critic | tokens | 500   | workflow pair.yaml |

    Example: A command of a role
      Given an experiment of a builder and a critic whose model has "solve_probability: 1"
      And its critic has "budgets: { tokens: 500 }"
      When I run "experiment run --inspect-command /criticise"
      Then it ends with exit code 0
      And it prints each of:
        | Role: critic of pair.yaml |
        | Budget critic: 500 tokens (workflow pair.yaml)   |
        | team      /criticise                             |
        | You work as the critic of a team, round 1.       |

    Example: A command that an agent alone and a role are asked
      Given an experiment of a team in which the implementer has "budgets: { tokens: 500 }"
      When I run "experiment run --inspect-command /implement --role-budget implementer=9000"
      Then it ends with exit code 0
      And it prints the lines:
        """
        Role: implementer, implementer of own.yaml
        Budget implementer: 9000 tokens (command line)
        Budget implementer: 500 tokens (workflow own.yaml)
        """
      And it prints each of:
        | alone     /implement |
        | team      /implement |

    Example: A command that no role has
      Given an experiment of a builder and a critic whose model has "solve_probability: 1"
      When I run "experiment run --inspect-command /review"
      Then it ends with exit code 0
      And it prints each of:
        | Role: none                                             |
        | Commands of this plan: /build, /criticise, /implement. |

  Rule: A command line is shown as the program reads it

    Background:
      Given a small experiment with:
        | tasks       | lru-cache, rate-limiter |
        | concurrency | 2                       |

    Example: A base command, with everything that is asked under it
      When I run "experiment run --inspect-command /implement --command-budget /implement=40000 --overall-token-budget 900000"
      Then it ends with exit code 0
      And it prints each of:
        | Command: /implement                                          |
        | Base command: /implement                                     |
        | Arguments: none                                              |
        | Role: implementer                                            |
        | Budget overall: 900000 tokens (command line)                 |
        | Budget /implement: 40000 tokens (command line)               |
        | W0-01   first     /implement                                 |
        | Implement the feature "                                      |
        | Nothing was run.                                             |
      And nothing is written

    Example: The case and the spaces of a command make no difference
      When I run "experiment run --inspect-command /IMPLEMENT\ \ \ Rate-Limiter\  --command-budget /implement=40000"
      Then it ends with exit code 0
      And it prints each of:
        | Base command: /implement                       |
        | Arguments: rate-limiter                       |
        | Budget /implement: 40000 tokens (command line) |
      And it prints "/implement rate-limiter"
      And it does not print "/implement lru-cache"

    Example: A command that no provider gets
      When I run "experiment run --inspect-command /review\ the\ work"
      Then it ends with exit code 0
      And it prints each of:
        | Base command: /review                                       |
        | No window asks for it. Commands of this plan: /implement.   |
      And nothing is written

    Example: For a script
      When I run "experiment run --inspect-command /implement --json"
      Then it ends with exit code 0
      And it prints each of:
        | "base": "/implement"      |
        | "role": "implementer"     |
        | "estimated_tokens":       |
        | "provider": "second"      |
        | "prompt_head": "Implement |

    Example: Nothing to inspect
      When I run "experiment run --inspect-command /"
      Then it ends with exit code 2
      And it says "--inspect-command: expected a command, got" on stderr

  Rule: A mistake in a budget is refused here too

    Example: A command that no provider gets
      Given a small experiment
      When I run "experiment run --list-commands --command-budget /review=5"
      Then it ends with exit code 2
      And it says "for an unknown command. Known commands: /implement." on stderr
      And nothing is written
