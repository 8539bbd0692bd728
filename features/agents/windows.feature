Feature: Windows
  A window is one measured stretch of one provider's work. It opens, is read before and after, runs in a
  workspace of its own, is graded and becomes final.

  Rule: A window writes every row that its analysis needs

    Background:
      Given a finished experiment of two windows

    Example: One opening, one reading before, one after, one end
      When I look at the window "W0-01"
      Then its rows carry its key, and are in the order of their writing:
        | FILE      | RECORD           | PHASE  |
        | windows   | window_opened    |        |
        | snapshots | snapshot_taken   | before |
        | snapshots | snapshot_taken   | after  |
        | windows   | window_finalized |        |

    Example: The proxy's counter is its meter
      When I look at the window "W0-02"
      Then the window "W0-02" has:
        | meters.before.length | 1      |
        | meters.before.0.name | proxy  |
        | meters.before.0.unit | tokens |
        | meters.after.length  | 1      |
        | meters.after.0.name  | proxy  |
        | meters.after.0.unit  | tokens |
      And its capacity is the movement of the meter, which equals the use of its requests

    Example: The final row has the grade and the methodology
      When I look at the window "W0-01"
      Then the window "W0-01" has:
        | outcome          | pass                    |
        | quality          | 1                       |
        | quality_visible  | 1                       |
        | quality_held_out | 1                       |
        | methodology      | agent-cli-through-proxy |
        | attempt          | 1                       |
        | exit_code        | 0                       |
      And it has the result of every acceptance scenario, visible and held-out, and the versions of the agent and of the grader

    Example: Its commits and its churn
      When I look at the window "W0-01"
      Then it starts from the commit of the window "W0-02", as its workspace does, and its end and its churn change only "src/"

    Example: Its requests are telemetry rows with the ten fields
      When I look at the window "W0-01"
      Then each of its requests has all ten fields of the telemetry, and their tokens add up to those of its final row

  Rule: Workspaces are outside every repository

    Example: The default and a folder of the user's own
      Given an experiment of "lru-cache" with two "builtin-agent" providers on a scripted model
      When I run "experiment run --workspace-root my-work"
      Then it ends with exit code 0
      And each window ran in a folder of its own below "my-work"

    Example: A folder in a repository
      Given an experiment of "lru-cache" with two "builtin-agent" providers on a scripted model
      And a git repository "project"
      When I run "experiment run --workspace-root project/deep/inside"
      Then it ends with exit code 2
      And it says "is inside the git repository" on stderr
      And nothing is written
      And "project/deep" does not exist

    Example: A plan refuses it as the run would
      Given an experiment of "lru-cache" with two "builtin-agent" providers on a scripted model
      And a git repository "project"
      When I run "experiment plan --workspace-root project"
      Then it ends with exit code 2
      And it says "is inside the git repository" on stderr
