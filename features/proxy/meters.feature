Feature: Meters for free
  Where a vendor tells with its answers how much of a plan is used, nobody has to read a pane.

  Rule: What the vendor tells becomes a reading, under the same invariants as any other

    Background:
      Given a small experiment of one feature, twice

    Example: The share of a plan's five hours that a window took
      Given its vendor tells with each answer that 2 percent more of its five hours are used
      When it is run on that upstream
      Then it ends with exit code 0
      And the last reading of every window has the meter "5h" in percent
      And the first window has no delta of "5h", and each later one has its own, also of the other provider
      And no anomaly is recorded

    Example: A reset between two readings
      Given its vendor tells with each answer of another reset of its five hours
      When it is run on that upstream
      Then it ends with exit code 0
      And each later window has the anomaly "reset-crossed" and no delta of "5h"
