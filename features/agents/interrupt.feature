Feature: Interrupting a run
  Ctrl-C saves everything and ends all processes. The run can be resumed.

  Rule: Ctrl-C ends the attempt, not the experiment

    @spawn
    Example: Once
      Given a slow experiment of two windows
      And a run of it in a process of its own, whose agent works
      When it is interrupted
      Then it ends with exit code 130
      And it says "Continue with: experiment run --seed 1 --resume" on stderr
      And the attempt 1 of "W0-01" ends as "interrupted" with the tokens it had spent
      And no process of the run is alive

    @spawn @slow
    Example: An interrupted run can be resumed
      Given a slow experiment of two windows
      And a run of it in a process of its own, interrupted while its agent works
      When I run "experiment run --resume"
      Then it ends with exit code 0
      And the assignment is what the plan says
      And the rows of "window_finalized" are:
        | window |
        | W0-01  |
        | W0-02  |
      And every token that an attempt spent is recorded

    @spawn
    Example: Twice, with an agent that ignores the interrupt
      Given a "claude" on the PATH that asks the model and ignores every signal
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      And a run of it in a process of its own, whose agent works
      When it is interrupted twice
      Then it ends with exit code 130
      And the attempt 1 of "W0-01" ends as "interrupted" with the tokens it had spent
      And no process of the run is alive

    @spawn @slow
    Example: In the washout between two windows
      Given an experiment of two windows with a washout of 600 seconds, and a run of it in a process of its own, which waits between them
      When it is interrupted
      Then it ends with exit code 130
      And it says "Interrupted: no attempt is running; the run ends." on stderr
      And it says "Continue with: experiment run --seed 1 --resume" on stderr
      And no process of the run is alive

  Rule: A run does not need a reader for its output

    @spawn @slow
    Example: The reader of a pipe goes away
      Given a slow experiment of two windows
      And a run of it in a process of its own, whose agent works
      When its output has no reader any more
      Then the first run still ends with exit code 0
      And the rows of "window_finalized" are:
        | window |
        | W0-01  |
        | W0-02  |

  Rule: One run at a time uses a folder

    @spawn @slow
    Example: A second run during the first
      Given a slow experiment of two windows
      And a run of it in a process of its own, whose agent works
      When I run "experiment run --resume"
      Then it ends with exit code 3
      And it says "another run is using this folder" on stderr
      And the first run still ends with exit code 0
      And the rows of "window_finalized" are:
        | window |
        | W0-01  |
        | W0-02  |
