Feature: Input for completing a window
  A mistake is refused before anything is written. The message names the option, the value and the
  remedy.

  Background:
    Given codex was read before "W0-07" at "10:00":
      | METER | SHOWN    | RESETS |
      | 5h    | 11% used | 13:01  |

  Rule: An invalid value is refused with a remedy

    Scenario Outline: <SLIP>
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome pass <SLIP>"
      Then it ends with exit code 2
      And it says '<TOLD>' on stderr
      And it says '<MEND>' on stderr
      And the ledger is unchanged

      Examples:
        | SLIP                    | TOLD                                                      | MEND                                |
        | --quality 4             | 0 to 1, got "4"                                           | write passed ÷ all, e.g. 0.9        |
        | --quality -0.1          | 0 to 1, got "-0.1"                                        | write passed ÷ all, e.g. 0.9        |
        | --quality NaN           | 0 to 1, got "NaN"                                         | write passed ÷ all, e.g. 0.9        |
        | --quality 0,9           | 0 to 1, got "0,9"                                         | write passed ÷ all, e.g. 0.9        |
        | --quality               | argument missing. Write a value                           | Write a value after it.             |
        | --outcome PASS          | --outcome: expected one of pass, partial, fail            | got "PASS". Did you mean "pass"?     |
        | --commit-start HEAD     | expected a folder in a git repository, got one outside     | Name the repository with --repo.    |
        | --commit-end 1a2b       | expected a folder in a git repository, got one outside     | Name the repository with --repo.    |
        | --window W0/7           | --window: expected up to 64 letters, digits               | Write a name such as W0-07.         |
        | --attempt one           | --attempt: expected a whole number from 1, got "one"      | Write e.g. 1.                       |
        | --provider a/b          | --provider: expected up to 64 letters                     | Write a name such as codex.         |

  Rule: A commit may have any name that git knows

    Example: A name is resolved in the repository
      Given a repository with two commits
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome pass --commit-start HEAD~1 --commit-end HEAD --repo project"
      Then it ends with exit code 0
      And the final row has the commits HEAD~1 and HEAD of "project"

    Example: An unknown name
      Given a repository with two commits
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome pass --commit-start HEAD~9 --repo project"
      Then it ends with exit code 2
      And it says "--commit-start HEAD~9: expected a commit of" on stderr
      And the ledger is unchanged

    Example: A hash of a repository that is elsewhere
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome pass --commit-start 1a2b3c4"
      Then it ends with exit code 0

  Rule: A missing required value is named

    Scenario Outline: Without <MISSING>
      When I run "experiment complete <SAID>"
      Then it ends with exit code 2
      And it says "<TOLD>" on stderr
      And the ledger is unchanged

      Examples:
        | MISSING    | SAID                                              | TOLD                                  |
        | a window   | --feature lru-cache --outcome pass                | --window: expected a window, got none |
        | a feature  | --window W0-07 --outcome pass                     | '--feature <id>' not specified        |
        | an outcome | --window W0-07 --feature lru-cache                | '--outcome <outcome>' not specified   |
        | a provider | --window W0-08 --feature lru-cache --outcome pass | W0-08: expected --provider, got none  |

  Rule: The plan and the baseline come from a valid experiment.yaml

    Scenario Outline: <FAULT>
      Given a file "experiment.yaml" of "<TEXT>"
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome pass"
      Then it ends with exit code 2
      And it says '<TOLD>' on stderr
      And the ledger is unchanged

      Examples:
        | FAULT                   | TEXT                                                                               | TOLD                                                              |
        | It is no YAML           | providers: [                                                                       | experiment.yaml:1: expected valid YAML                            |
        | Its plan has no price   | providers: { codex: { driver: builtin-agent, model: m, plan: { meter: weekly } } } | experiment.yaml:1: expected "providers.codex.plan.usd"            |

  Rule: No value defaults to a score

    Example: Neither quality nor methodology nor commits
      When I run "experiment complete --window W0-07 --feature lru-cache --outcome pass"
      Then it ends with exit code 0
      And it prints each of:
        | does not count yet: no quality      |
        | does not count yet: no methodology  |
        | does not count yet: no commit_start |
        | does not count yet: no commit_end   |
      And 0 of 1 windows count
      And the last row of "window_finalized" has:
        | quality      | null |
        | methodology  | null |
        | commit_start | null |
        | commit_end   | null |
        | churn        | null |
