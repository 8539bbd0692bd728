Feature: The user's own log-in
  With "auth: inherit" an agent uses the log-in that its client has on this machine. It sees nothing of the
  user's home but the credential file, and that only if the log-in has to be renewed.

  Background:
    Given a model server that keeps count of what it deals
    And a log-in of Claude Code that ends soon and can be renewed
    And a "claude" on the PATH that renews its log-in, prints it and keeps it in its work
    And an experiment of "lru-cache" with a "claude-code" provider that inherits its log-in on that server

  @slow
  Example: A renewed log-in is written back
    When I run "experiment run --seed 42"
    Then it ends with exit code 0
    And the log-in of Claude Code has the token "renewed-access-token"

  @slow
  Example: Neither log-in is in a file of the run
    When I run "experiment run --seed 42"
    Then it ends with exit code 0
    And no file of the run holds "first-access-token" or "renewed-access-token"
    And the capture of one window holds "********************"
