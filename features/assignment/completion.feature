Feature: Completion
  A shell completes the program's command lines with what fits.

  Rule: The Tab key completes commands, options, values, experiments, tasks and files

    @spawn @slow
    Scenario Outline: <SHELL>
      Given the rehearsal has been run
      And the shell <SHELL>, which has read "experiment completion <SHELL>"
      Then the Tab key makes these lines of what was typed:
        | TYPED                               | LINE                                              |
        | experiment backl                    | experiment backlog                                |
        | experiment ledger verif             | experiment ledger verify                          |
        | experiment task check --muta        | experiment task check --mutants                   |
        | experiment gate --policy lit        | experiment gate --policy literal                  |
        | experiment gate --policy=lit        | experiment gate --policy=literal                  |
        | experiment report --experiment 6b   | experiment report --experiment 6b2c9cb7d0f1       |
        | experiment run --seed 42 --extend 6 | experiment run --seed 42 --extend 6b2c9cb7d0f1    |
        | experiment task show lru            | experiment task show lru-cache                    |
        | experiment task check cron-times lr | experiment task check cron-times lru-cache        |
        | experiment snapshot cross co        | experiment snapshot cross codex                   |
        | experiment plan --config .experimen | experiment plan --config .experiment/             |

      Examples:
        | SHELL |
        | bash  |
        | zsh   |
        | fish  |

  Rule: Without a ledger no experiment is offered, and nobody sees an error

    Example: No ledger
      When I run "experiment completion bash -- preview --experiment 6"
      Then it ends with exit code 0
      And it prints nothing

  Rule: The script of an unknown shell is refused

    Example: tcsh
      When I run "experiment completion tcsh"
      Then it ends with exit code 2
      And it says "Allowed choices are bash, zsh, fish." on stderr
