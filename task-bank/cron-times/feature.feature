Feature: The next times of a cron expression
  A job runner shows when its jobs run next. An expression has five fields: minute, hour, day
  of the month, month and day of the week. All times are UTC.

  Rule: A job runs whenever the time fits every field

    Scenario: Every minute
      When it is 2026-03-14T23:58Z
      Then the next times of "* * * * *" are "03-14 23:59, 03-15 00:00, 03-15 00:01"

    Scenario: Once a day
      When it is 2026-03-14T09:30Z
      Then the next times of "30 9 * * *" are "03-15 09:30, 03-16 09:30, 03-17 09:30"
      And the next times of "31 9 * * *" are "03-14 09:31, 03-15 09:31, 03-16 09:31"

    Scenario: Lists and ranges
      When it is 2026-03-14T09:00Z
      Then the next times of "0 8-10,17 * * *" are "03-14 10:00, 03-14 17:00, 03-15 08:00"

    Scenario: Steps
      When it is 2026-03-14T09:00Z
      Then the next times of "*/25 * * * *" are "03-14 09:25, 03-14 09:50, 03-14 10:00"
      And the next times of "10-40/15 * * * *" are "03-14 09:10, 03-14 09:25, 03-14 09:40"

    Scenario: Names of months and days
      When it is 2026-03-13T18:00Z
      Then the next times of "0 12 * * MON-WED" are "03-16 12:00, 03-17 12:00, 03-18 12:00"
      And the next times of "0 12 1 APR,JUN *" are "04-01 12:00, 06-01 12:00, 04-01 12:00"

  Rule: Days that do not exist are left out

    Scenario: Not every month has a day 31
      When it is 2026-03-14T00:00Z
      Then the next times of "0 0 31 * *" are "03-31 00:00, 05-31 00:00, 07-31 00:00"

    Scenario: A day that never comes
      When it is 2026-03-14T00:00Z
      Then "0 0 30 2 *" never comes
      But the next times of "0 0 29 2,3 *" are "03-29 00:00, 03-29 00:00, 02-29 00:00"

  Rule: With both a day of the month and a day of the week, either is enough

    Scenario: On Fridays and on every 13th
      When it is 2026-03-05T12:00Z
      Then the next times of "0 0 13 * FRI" are "03-06 00:00, 03-13 00:00, 03-20 00:00"
      And the next times of "0 0 10 * FRI" are "03-06 00:00, 03-10 00:00, 03-13 00:00"

  Rule: Anything but an expression is refused

    Scenario: A minute that no clock shows
      When it is 2026-03-14T00:00Z
      Then "60 * * * *" is refused with a RangeError
      But the next times of "59 * * * *" are "03-14 00:59, 03-14 01:59, 03-14 02:59"
