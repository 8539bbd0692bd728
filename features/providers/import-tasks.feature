Feature: Tasks from commits
  `experiment task import` makes tasks from the commits of a repository. The parent of a commit is what
  the agent starts from, its tests are hidden, and its message says what to do. Each task is proven:
  tests that always pass with the commit's own change, and fail without it, grade the work.

  Rule: Commits that are no tasks are named with the reason

    Example: A history in which every commit lacks something
      Given a repository "shop" whose commits all lack something
      When I run "experiment task import --repo shop --json"
      Then it ends with exit code 1
      And these commits are left out:
        | COMMIT                   | REASON                                         |
        | Add a picture of the tea | it changes a binary file: tea.png              |
        | (none)                   | its message is empty                           |
        | Join the side branch     | it is a merge                                  |
        | Remove the old tests     | it deletes tests: tests/test_total.py          |
        | Need another package     | it changes dependencies: requirements.txt      |
        | Test more                | it changes only tests                          |
        | Say what it does         | it changes no tests                            |
        | Double it                | its message contains its own change            |
        | Begin                    | it is the first commit                         |

    Example: The table for a terminal
      Given a repository "shop" whose commits all lack something
      When I run "experiment task import --repo shop"
      Then it ends with exit code 1
      And it prints "0 tasks of 9 commits in task-bank"
      And no line that it prints has more than 80 columns

    Scenario Outline: <OPTION> leaves nothing to import
      Given a repository "shop" whose commits all lack something
      When I run "experiment task import --repo shop <OPTION>"
      Then it ends with exit code 1
      And it prints "<MESSAGE>"

      Examples:
        | OPTION              | MESSAGE                                               |
        | --since 2039-01-01  | no commits since 2039-01-01; take an earlier --since  |
        | --tests *.check.js  | none of its files match --tests *.check.js |

    @slow
    Example: The end of what tests print shows why none passes
      Given a repository "shop" whose tests can't be built
      When I run "experiment task import --repo shop"
      Then it ends with exit code 1
      And it prints "no test passes with the solution"
      And it prints "If a program is missing, install it"
      And no line that it prints has more than 80 columns

    Example: A repository whose tests are not known
      Given a repository "notes" without tests
      When I run "experiment task import --repo notes"
      Then it ends with exit code 2
      And it says "expected a project whose tests run with one of vitest, jest," on stderr

    Scenario Outline: <OPTIONS>
      Given a repository "notes" without tests
      When I run "experiment task import --repo <OPTIONS>"
      Then it ends with exit code 2
      And it says '<MESSAGE>' on stderr

      Examples:
        | OPTIONS                        | MESSAGE                                        |
        | elsewhere                      | expected a git repository, got nothing.        |
        | notes --commit nowhere         | expected a commit with the name "nowhere"      |
        | notes --since yesterday        | --since: expected a day, got "yesterday".      |
        | notes --limit none             | --limit: expected a number of commits          |
        | notes --path ../other          | --path: expected a folder inside               |
        | notes --path services/api      | --path: expected a folder of                   |
        | notes --id my-task             | --id: expected it with --commit, got none.   |

    Example: A repository without commits
      Given a git repository "shop"
      When I run "experiment task import --repo shop"
      Then it ends with exit code 2
      And it says "expected a repository with commits, got one without." on stderr

    Example: A shallow clone
      Given a repository "notes" without tests
      And a clone "shop" of "notes" that has the last commit only
      When I run "experiment task import --repo shop --json"
      Then it ends with exit code 1
      And it prints "git fetch --unshallow"

  Rule: The tasks of a repository are proven, run and graded

    @spawn @slow
    Scenario Outline: Five commits in <LANGUAGE>
      Given Claude Code and the tools for <LANGUAGE> are installed
      And the tasks of a repository in <LANGUAGE> with 5 commits are imported
      And "experiment task check --bank task-bank" has ended with exit code 0
      And an experiment of these tasks with two Claude Code providers whose model knows the commits
      When I run "experiment run --seed 42"
      Then the rows of "window_finalized" are:
        | outcome | quality | reason |
        | pass    | 1       | null   |
        | pass    | 1       | null   |
        | pass    | 1       | null   |
        | pass    | 1       | null   |
      And the ledger counts the very tokens that the server dealt

      Examples:
        | LANGUAGE   |
        | Python     |
        | Go         |
        | TypeScript |
