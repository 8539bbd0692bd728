Feature: Nothing that an agent leaves hinders its grading
  The work is sealed and graded in folders that did not exist while the agent ran. Whatever it leaves is
  graded with what can be read: its window is never missing, and the session continues.

  @spawn
  Scenario Outline: The agent <DOES>
    Given a "claude" on the PATH that <DOES>
    And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
    When I run "experiment run"
    Then it ends with exit code 0
    And the first window has:
      | outcome | <OUTCOME> |
      | quality | <QUALITY> |
    And the second window has:
      | outcome | pass |
    And the grader wrote nothing into the agent's folders

    Examples:
      | DOES                        | OUTCOME | QUALITY |
      | solves the task and litters | pass    | 1       |

    @slow
    Examples:
      | DOES                           | OUTCOME | QUALITY |
      | puts links in place of folders | fail    | 0       |
      | removes its workspace          | fail    | 0       |

  Rule: Work that the grader could not judge is kept, and graded later without its agent

    Background:
      Given a small experiment whose acceptance suite is gone as soon as a model is asked

    @spawn @slow
    Example: Only the grader tries again
      When I run "experiment run"
      Then it ends with exit code 1
      And each window has one attempt, whose agent asked once, and is missing as "grader_error"

    @spawn @slow
    Example: The grader can judge again
      Given "experiment run" has ended with exit code 1
      And the acceptance suite is back
      When I run "experiment run --retry-missing"
      Then it ends with exit code 0
      And each window has one attempt, whose agent asked once, and is final as "fail"
