Feature: A server that takes over without the last rows
  A standby may take over, or a backup may be restored, while a run is at work. What was acknowledged and is gone
  there must not be done and paid again at the same time.

  @slow
  Example: A copy takes over in the middle of a run
    Given an empty PostgreSQL database as the store, on a server of its own
    And the workers "one" and "two" of that store
    When the server of "experiment run --seed 42" fails over to a copy without its last rows
    Then it ends with exit code 6
    And it says "The database is an older copy of itself" on stderr
    And each of its workers ends with exit code 6, and says "The database is an older copy of itself", and nothing was written to the copy
