Feature: The setup of a commit
  Setup runs once for each commit, outside of every window's time and budget. Each window works with what
  setup made, and changes nothing of it for the others.

  Background:
    Given a task from a commit that asks for a function double, solved by:
      """
      export const double = (a) => 2 * a;
      """
    And its providers start a "claude" that prints and changes what setup made

  Rule: A window that changes a file of setup changes it for itself alone

    @slow
    Example: The next window finds it as setup made it
      When I run "experiment run"
      Then it ends with exit code 0
      And the agent of each window has printed "ready"

    @slow
    Example: A user without rights shares it by an overlay too
      Given bubblewrap is installed
      When I run "experiment run" as a user without rights
      Then it ends with exit code 0
      And the agent of each window has printed "ready"
      And the folder of each window has what its agent changed, and no copy of the repository

  Rule: Setup is over before a window opens, and its time is said

    @slow
    Example: One setup for two windows
      When I run "experiment run"
      Then it ends with exit code 0
      And it says on stderr once each, in this order:
        | task: set up in |
        | W0-01 started   |
