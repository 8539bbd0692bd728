Feature: Tasks from commits
  A task is a change of a repository, graded by the repository's own tests.

  Rule: Such a task is run, graded and reported like any other

    Example: A change that makes the hidden tests pass
      Given a task from a commit that asks for a function double, solved by:
        """
        export const double = (a) => 2 * a;
        """
      When I run "experiment run"
      Then it ends with exit code 0
      And it says "task: set up in" on stderr
      And every window has:
        | outcome | pass |

    @slow
    Example: A change that removes a file
      Given a task from a commit that asks for the file "src/old.js" to be removed
      When I run "experiment run"
      Then the rows of "window_finalized" are:
        | outcome | quality |
        | pass    | 1       |
        | pass    | 1       |

    @slow
    Example: Kept work is graded again
      Given a task from a commit that asks for a function double, solved by:
        """
        export const double = (a) => 2 * a;
        """
      And "experiment run" has been run
      When I run "experiment regrade"
      Then it ends with exit code 0
      And it prints "2 of 2 verdicts agree"

    @slow
    Example: A change that forges the results
      Given a task from a commit that asks for a function double, solved by:
        """
        import assert from "node:assert";
        assert.equal = () => undefined;
        export const double = () => undefined;
        """
      And "experiment run" has been run
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints each of:
        | Outcomes: tampered 2                          |
        | Tampered: W0-01 (                             |
        | always fails, and the                         |
      And every window has:
        | outcome | tampered                                                              |
        | reason  | The canary "canary" always fails, and the results say that it passed. |

  Rule: A setup that fails costs nothing

    Example: Its output is shown
      Given a task from a commit that asks for a function double, solved by:
        """
        export const double = (a) => 2 * a;
        """
      And the file "bank/task/task.yaml" is changed:
        | TEXT                                    | INSTEAD                      |
        | mkdir build && echo ready > build/ready | echo no such package; exit 3 |
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "it exited with 3. Nothing was spent." on stderr
      And it says "no such package" on stderr

  Rule: A killed run continues where it was

    @spawn @slow
    Scenario Outline: Killed <WHEN>
      Given a task from a commit that asks for a function double, solved by:
        """
        export const double = (a) => 2 * a;
        """
      And its file has:
        | upstreams.models.scripted.*.latency_ms | 200 |
        | design.washout_s                       | 0.5 |
      And a run of it in a process of its own, killed <WHEN>
      When I run "experiment run --resume"
      Then the rows of "window_finalized" are:
        | outcome | quality |
        | pass    | 1       |
        | pass    | 1       |
      And every token that an attempt spent is recorded
      And it does not say "set up in" on stderr

      Examples:
        | WHEN                     |
        | while the agent works    |
        | while the work is graded |
        | between two windows      |
