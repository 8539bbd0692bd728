Feature: Cleaning up
  Workspaces are kept for inspection until they are removed.

  Rule: Workspaces of ended attempts are removed

    @slow
    Example: After a run
      Given a finished experiment of two windows, its workspaces kept
      When I run "experiment clean"
      Then it ends with exit code 0
      And it prints "2 workspaces removed."
      And the workspaces that are left are of ""
      And the ledger is unchanged

    @slow
    Example: A dry run
      Given a finished experiment of two windows, its workspaces kept
      When I run "experiment clean --dry-run"
      Then it ends with exit code 0
      And it prints "2 workspaces would be removed."
      And the workspaces that are left are of "W0-01, W0-02"

  Rule: The workspace of an unfinished attempt is kept

    @slow
    Example: A killed run
      Given a finished experiment of two windows, its workspaces kept
      And the ledger has no end of the second window
      When I run "experiment clean"
      Then it ends with exit code 0
      And it prints "1 workspaces removed."
      And the workspaces that are left are of "W0-02"
