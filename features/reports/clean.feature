Feature: Cleaning up
  Workspaces are kept to be looked at, until they are cleaned away.

  Rule: Workspaces of ended attempts are removed

    Example: After a run
      Given a finished experiment of two windows, its workspaces kept
      When I run "experiment clean"
      Then it ends with exit code 0
      And it prints "2 workspaces removed."
      And no workspace is left
      And the ledger is as it was

    Example: Only shown
      Given a finished experiment of two windows, its workspaces kept
      When I run "experiment clean --dry-run"
      Then it ends with exit code 0
      And it prints "2 workspaces would be removed."
      And 2 workspaces are left

  Rule: A workspace whose attempt has no end is kept

    Example: A run that was killed
      Given a finished experiment of two windows, its workspaces kept
      And the ledger says nothing of the second window's end
      When I run "experiment clean"
      Then it ends with exit code 0
      And it prints "1 workspaces removed."
      And the workspace of "W0-02" is left
