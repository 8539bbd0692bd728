Feature: Idle meters
  Claude names no reset for a limit at 0 %, because its next period begins with its first use. Later use of
  such a meter belongs to that period, unless another period could have passed in between.

  Background:
    Given claude showed before "W0-07" at "10:00":
      """
      Current session 0% used
      Current week (all models) 90% used Resets Oct 20, 1:59am (UTC)
      Current week (Opus) 0% used
      """

  Rule: The next reading of an idle meter shows the use in between

    Example: One was used and the other was not
      When claude shows after "W0-07" at "11:00":
        """
        Current session 7% used Resets 3:30pm (UTC)
        Current week (all models) 91% used Resets Oct 20, 1:59am (UTC)
        Current week (Opus) 0% used
        """
      Then it ends with exit code 0
      And no anomaly is recorded
      And the readings of "W0-07" say:
        | METER       | BEFORE | AFTER | DELTA | FLAG |
        | 5h          | 0      | 7     | 7     |      |
        | weekly      | 90     | 91    | 1     |      |
        | weekly opus | 0      | 0     | 0     |      |

    Example: The meter is reported as idle
      When claude shows after "W0-07" at "11:00":
        """
        Current session 0% used
        """
      Then it ends with exit code 0
      And it prints "5h 0 percent used, no period runs"
      And it does not print "error"

  Rule: The use is unknown if another period could have passed in between

    Example: The shown period began more than a window later
      When claude shows after "W0-07" at "16:00":
        """
        Current session 7% used Resets 8:30pm (UTC)
        """
      Then the readings of "W0-07" say:
        | METER       | BEFORE | AFTER | DELTA | FLAG          |
        | 5h          | 0      | 7     | null  | reset-unknown |
        | weekly      | 90     |       | null  | meter-missing |
        | weekly opus | 0      |       | null  | meter-missing |

    Example: A period ran out in between
      Given claude showed before "W0-08" at "10:00":
        """
        Current session 7% used Resets 10:30am (UTC)
        """
      When claude shows after "W0-08" at "11:00":
        """
        Current session 0% used
        """
      Then the readings of "W0-08" say:
        | METER | BEFORE | AFTER | DELTA | FLAG          |
        | 5h    | 7      | 0     | null  | reset-crossed |

  Rule: A meter with an unreadable reset is not idle

    Example: The reset is cut off
      Given claude showed before "W0-08" at "10:00":
        """
        Current session 0% used Resets 3:30
        """
      When claude shows after "W0-08" at "11:00":
        """
        Current session 7% used Resets 3:30pm (UTC)
        """
      Then the readings of "W0-08" say:
        | METER | BEFORE | AFTER | DELTA | FLAG          |
        | 5h    | 0      | 7     | null  | reset-unknown |
