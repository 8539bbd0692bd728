Feature: The review loop
  Review, fix and validate follow each other. Findings keep their numbers, so that each can be followed over the
  rounds.

  Background:
    Given the product's example "handoffs/review.md" as "review.md"

  Rule: Each finding is resolved or left open by its name

    Scenario Outline: The second review says that the finding is <STATUS>
      Given the review "second.md" of the findings:
        | number | name                     | status   |
        | 1      | a limit of 1.5 is accepted | <STATUS> |
        | 2      | the README is wrong      | open     |
      When I run "experiment handoff check second.md --after review.md"
      Then it ends with exit code 0
      And it prints "second.md: a valid review handoff of the role reviewer: rework, 2 findings, <OPEN> open."

      Examples:
        | STATUS   | OPEN |
        | resolved | 1    |
        | open     | 2    |

    Example: The second review does not name it
      Given the review "second.md" of the findings:
        | number | name                | status |
        | 2      | the README is wrong | open   |
      When I run "experiment handoff check second.md --after review.md"
      Then it ends with exit code 1
      And it prints 'second.md:27: expected "findings" to be a list with finding 1, "a limit of 1.5 is accepted", got a list without it. Add it as resolved or open.'

    Example: The implementer does not answer it
      Given the product's example "handoffs/implementation.md" as "implementation.md"
      When I run "experiment handoff check implementation.md --after review.md"
      Then it ends with exit code 1
      And it prints 'implementation.md:27: expected "findings" to be a list with finding 1, "a limit of 1.5 is accepted", got an empty list.'

    Example: The implementer leaves it open
      Given the product's example "handoffs/implementation.md" as "implementation.md"
      And the file "implementation.md" is changed:
        | TEXT         | INSTEAD                                               |
        | findings: [] | findings: [{ number: 1, status: open, how: No time }] |
      When I run "experiment handoff check implementation.md --after review.md"
      Then it ends with exit code 0

    Example: The implementer answers a finding that the review does not have
      Given the product's example "handoffs/implementation.md" as "implementation.md"
      And the file "implementation.md" is changed:
        | TEXT         | INSTEAD                                                                                            |
        | findings: [] | findings: [{ number: 1, status: resolved, how: Done }, { number: 7, status: resolved, how: Done }] |
      When I run "experiment handoff check implementation.md --after review.md"
      Then it ends with exit code 1
      And it prints 'expected "findings.1.number" to be the number of a finding of the review, got 7. It has: 1.'

  Rule: A finding that comes back keeps its number

    Example: It comes back under another number
      Given the review "second.md" of the findings:
        | number | name                       | status |
        | 2      | a limit of 1.5 is accepted | open   |
      When I run "experiment handoff check second.md --after review.md"
      Then it ends with exit code 1
      And it prints 'expected "findings.0.number" to be 1, as in the review before, got 2. A finding that comes back keeps its number.'

    Example: Its number goes to another finding
      Given the review "second.md" of the findings:
        | number | name                | status |
        | 1      | the README is wrong | open   |
      When I run "experiment handoff check second.md --after review.md"
      Then it ends with exit code 1
      And it prints 'expected "findings.0.name" to be "a limit of 1.5 is accepted", as in the review before, got "the README is wrong". Give a new finding a new number.'

  Rule: Only what follows a review is compared with one

    Scenario Outline: <FILE> after <BEFORE>
      Given the product's example "handoffs/plan.md" as "plan.md"
      When I run "experiment handoff check <FILE> --after <BEFORE>"
      Then it ends with exit code <CODE>
      And it <SAYS>

      Examples:
        | FILE      | BEFORE    | CODE | SAYS                                                                                    |
        | plan.md   | review.md | 1    | prints "plan.md: expected a review or an implementation after a review"                 |
        | review.md | plan.md   | 2    | says '--after: expected a review, got the kind "plan" in plan.md' on stderr             |

  Rule: The planned limit on changed lines is held against the measured churn and shown

    Scenario Outline: Work of 3 lines, by a plan of at most <PLANNED>
      Given a repository with two commits
      And the product's example "handoffs/plan.md" as "plan.md"
      And the file "plan.md" is changed:
        | TEXT                  | INSTEAD                      |
        | changed_lines_max: 60 | changed_lines_max: <PLANNED> |
      When I run "experiment churn --window W0-07 --provider codex --repo project --commit-start HEAD~1 --commit-end HEAD --plan plan.md"
      Then it ends with exit code 0
      And it prints "+2 -1 lines, net +1. 3 changed lines of at most <PLANNED>: <VERDICT>."

      Examples:
        | PLANNED | VERDICT             |
        | 4       | within the plan     |
        | 3       | within the plan     |
        | 2       | 1 more than planned |

    Example: Another handoff is no plan, and nothing is counted
      Given a repository with two commits
      When I run "experiment churn --window W0-07 --provider codex --repo project --commit-start HEAD~1 --commit-end HEAD --plan review.md"
      Then it ends with exit code 2
      And it says '--plan: expected a plan, got the kind "review" in review.md.' on stderr
      And nothing is written

  Rule: A team reviews, fixes and validates up to a bound

    Background:
      Given an experiment of a builder and a critic whose model has "rework_rounds: 2, solve_probability: 1"

    @slow
    Example: Each round settles the findings of the one before
      When I run "experiment run"
      Then it ends with exit code 0
      And its turns are:
        | ROLE    | ROUND |
        | builder | 1     |
        | critic  | 1     |
        | builder | 2     |
        | critic  | 2     |
        | builder | 3     |
        | critic  | 3     |
      And its work was sent back 2 times
      And its finding 1 is resolved, found in round 1
      And its finding 2 is resolved, found in round 2

    @slow
    Example: At the bound, a finding is left open
      Given its critic has "rounds_max: 1"
      When I run "experiment run"
      Then it ends with exit code 0
      And its work was sent back 1 time
      And its finding 2 is open, found in round 2
