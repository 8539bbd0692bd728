Feature: Peak hours
  Some vendors charge more at some hours, so a window's cost depends on its time. Matched sets can be
  drawn for peak and off-peak hours, half and half, and then run in those hours.

  Rule: Matched sets are drawn by hours if a price has peak hours

    Background:
      Given an experiment of the whole bank with the providers "one, two"

    Example: Half of each stratum runs in peak hours
      Given its file has:
        | design.strata | [stratum, peak_hours] |
      And these models cost twice as much at their peak:
        | MODEL | FROM  | TO    | ZONE          | DAYS                    |
        | one   | 14:00 | 18:00 | Asia/Shanghai | mon, tue, wed, thu, fri |
      When I run "experiment plan --seed 42"
      Then it ends with exit code 0
      And it prints each of:
        | small/off-peak: AB 1, BA 1                                                     |
        | small/peak: AB 1, BA 1                                                         |
        | Peak hours: 14:00 to 18:00 Asia/Shanghai (mon, tue, wed, thu, fri) of one (one) |
        | 4h at a time, 5 times a week; matched sets in them 2, in other hours 2          |

    Example: A subscription has peak hours of its own
      Given its file has:
        | design.strata      | [peak_hours]                                                                 |
        | providers.one.plan | { usd: 200, meter: weekly, peak: { zone: UTC, from: '09:00', to: '17:00' } } |
      When I run "experiment plan --seed 42"
      Then it ends with exit code 0
      And it prints "Peak hours: 09:00 to 17:00 UTC of the plan one (one)"

    Example: The windows do not fit into one peak
      Given its file has:
        | design.strata | [peak_hours] |
      And these models cost twice as much at their peak:
        | MODEL | FROM  | TO    | ZONE | DAYS                              |
        | two   | 23:30 | 00:15 | UTC  | mon, tue, wed, thu, fri, sat, sun |
      When I run "experiment plan --seed 42"
      Then it ends with exit code 0
      And it prints "45m at a time, 7 times a week"
      And it prints "The windows of peak hours may take 1h in all: the run may need 2 peaks, and waits in between."

    Example: Each of several simultaneous matched sets takes its own time
      Given its file has:
        | design.strata      | [peak_hours] |
        | design.concurrency | 4            |
      And these models cost twice as much at their peak:
        | MODEL | FROM  | TO    | ZONE | DAYS                              |
        | two   | 23:30 | 23:50 | UTC  | mon, tue, wed, thu, fri, sat, sun |
      When I run "experiment plan --seed 42"
      Then it ends with exit code 0
      And it prints "The windows of peak hours may take 30m in all: the run may need 2 peaks, and waits in between."

    Example: No compared model has peak hours
      Given its file has:
        | design.strata | [size, peak_hours] |
      When I run "experiment plan --seed 42"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yaml: design.strata: expected for "peak_hours" a compared provider whose price has peak hours, got none: one (one), two (two). Write them into a model's price under "prices", e.g. peak: { zone: Asia/Shanghai, from: "14:00", to: "18:00", factor: 2 }, or leave peak_hours out.
        """

    Example: Peak hours without an end
      Given its file has:
        | design.strata | [peak_hours] |
      And these models cost twice as much at their peak:
        | MODEL | FROM  | TO    | ZONE | DAYS                              |
        | one   | 08:00 | 20:00 | UTC  | mon, tue, wed, thu, fri, sat, sun |
        | two   | 20:00 | 08:00 | UTC  | mon, tue, wed, thu, fri, sat, sun |
      When I run "experiment plan --seed 42"
      Then it ends with exit code 2
      And it says "expected for \"peak_hours\" hours that begin and end within a week" on stderr

  Rule: A matched set runs in its hours

    Background:
      Given a small experiment with:
        | tasks               | lru-cache, rate-limiter |
        | ms before an answer | 100                     |
      And these models cost twice as much at their peak:
        | MODEL   | FROM  | TO    | ZONE          | DAYS                    |
        | model-a | 14:00 | 18:00 | Asia/Shanghai | mon, tue, wed, thu, fri |
      And its file has:
        | design | { strata: [peak_hours] } |

    @slow
    Example: The matched set of the present hours goes first, the other waits
      Given the clock says "2026-11-23T05:00:00Z"
      And "experiment run" runs until it says "wait for peak hours until 2026-11-23T06:00:00.000Z."
      When the clock comes to "2026-11-23T06:00:00Z"
      Then it ends with exit code 0
      And 4 windows are final, each opened in the hours of its matched set
      And no anomaly is recorded

    @slow
    Example: Ctrl-C ends the wait, and the run resumes in the hours of the remaining sets
      Given the clock says "2026-11-23T05:00:00Z"
      And a run of it with "--seed 7" that says "wait for peak hours until", was interrupted and says how to resume
      And the clock says "2026-11-24T06:00:00Z"
      When I run "experiment run --seed 7 --resume"
      Then it ends with exit code 0
      And 4 windows are final, each opened in the hours of its matched set

    @slow
    Example: The hours end during the first window of a matched set
      Given the clock says "2026-11-23T05:59:50Z"
      And a run of it during whose first window the clock comes to "2026-11-23T07:00:00Z"
      And the run says "waits for off-peak hours until 2026-11-23T10:00:00.000Z."
      When the clock comes to "2026-11-23T10:00:00Z"
      Then it ends with exit code 0
      And 4 windows are final, each opened in the hours of its matched set
      And "other-hours" is on record for the first window alone, and is in the report
