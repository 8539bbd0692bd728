Feature: New tasks
  `experiment task new` writes the files of a task, and `task check` says what is still missing.

  Rule: A task in Gherkin begins as one that works

    @slow
    Example: Its files pass the check before anything is changed
      Given "experiment task new word-count --from gherkin" has ended with exit code 0
      When I run "experiment task check word-count --bank task-bank"
      Then it ends with exit code 0
      And it prints "the untouched workspace (the null agent) scores 0"

    Example: A task that exists is left alone
      Given "experiment task new word-count --from gherkin" has ended with exit code 0
      When I run "experiment task new word-count --from command"
      Then it ends with exit code 2
      And it says "expected a new folder, got one that exists." on stderr

    Example: A name that no folder of a bank has
      When I run "experiment task new WordCount --from gherkin"
      Then it ends with exit code 2
      And it says '<id>: expected lower-case words joined by hyphens, got "WordCount".' on stderr

  Rule: A task can be looked at

    Example: Its statement, and how much the solution changes
      Given "experiment task new word-count --from gherkin" has ended with exit code 0
      When I run "experiment task show word-count --bank task-bank"
      Then it ends with exit code 0
      And it prints each of:
        | Solution:  5 lines in 1 file  |
        | Proven:    no                 |
        | Scenario: A name is greeted   |

    Scenario Outline: What it prints fits a terminal: <COMMAND>
      Given "experiment task new a-task-with-a-name-of-more-than-seventy-letters-so-that-no-column-holds-it --from gherkin" has ended with exit code 0
      When I run "experiment task <COMMAND> --bank task-bank"
      Then it ends with exit code 0
      And no line that it prints has more than 80 columns

      Examples:
        | COMMAND                                                                         |
        | list                                                                            |
        | show a-task-with-a-name-of-more-than-seventy-letters-so-that-no-column-holds-it |

      @slow
      Examples:
        | COMMAND |
        | check   |

    Example: The list has sizes and proofs
      Given "experiment task new word-count --from gherkin" has ended with exit code 0
      When I run "experiment task list --bank task-bank --json"
      Then it ends with exit code 0
      And it prints each of:
        | "lines": 5        |
        | "files": 1        |
        | "proven": null    |
