Feature: Requests in flight at a crash
  A request in flight during a kill of the harness may have cost something. The next session settles it:
  the request gets its row, and its reservation counts as spent.

  Rule: The next session settles requests that the last one left in flight

    @spawn @slow
    Example: Killed while a request waits for its answer
      Given a slow experiment of two windows
      And a run of it in a process of its own, killed while a request is in flight
      When I run "experiment run --resume"
      Then it ends with exit code 0
      And the request that was in flight has a row of its own, "harness_gone", in W0-01
      And every request has one reservation and one final debit
      And the reservation of that request is spent, marked as estimated

    @spawn @slow
    Example: Killed when nothing was in flight
      Given a slow experiment of two windows
      And a run of it in a process of its own, killed between two windows
      When I run "experiment run --resume"
      Then it ends with exit code 0
      And no row is "harness_gone"

  Rule: The next proxy that a user opens settles them too

    Background:
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else

    @spawn
    Example: Killed while a request waits for its answer
      Given a proxy of it in a process of its own has a request in flight, and is killed
      When "experiment proxy" is opened and closed
      Then the request that was in flight has a row of its own, "harness_gone", in W0-01
      And every request has one reservation and one final debit
      And the reservation of that request is spent, marked as estimated

    @spawn
    Example: Another proxy that is still running
      Given a proxy of it in a process of its own has a request in flight
      When "experiment proxy" is opened and closed
      Then no row is "harness_gone"
      And its request is still in flight
