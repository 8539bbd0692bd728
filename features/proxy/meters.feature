Feature: Meters from answers
  If a vendor's answers report the use of a plan, no pane has to be read.

  Rule: A vendor reading obeys the same invariants as any other reading

    Background:
      Given a small experiment of one feature, twice

    @slow
    Example: The share of a plan's five hours that a window used
      Given its vendor reports 2 percent more use of its five hours with each answer
      When I run "experiment run"
      Then it ends with exit code 0
      And every window's last reading has the meter "5h" in percent, and each but the first has its own delta of "5h"
      And no anomaly is recorded

    @slow
    Example: A reset between two readings
      Given its vendor reports another reset of its five hours with each answer
      When I run "experiment run"
      Then it ends with exit code 0
      And each later window has the anomaly "reset-crossed" and no delta of "5h"
