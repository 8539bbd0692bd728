Feature: The next times of a cron expression, held out

  Rule: A job runs whenever the time fits every field

    Scenario: A year ends
      When it is 2026-12-31T23:59Z
      Then the next times of "* * * * *" are "01-01 00:00, 01-01 00:01, 01-01 00:02"
      And the next times of "59 23 31 12 *" are "12-31 23:59, 12-31 23:59, 12-31 23:59"

    Scenario: The order of a list does not matter, and repeating adds nothing
      When it is 2026-03-14T00:00Z
      Then the next times of "45,5,15,5,10-16/5 0 * * *" are "03-14 00:05, 03-14 00:10, 03-14 00:15"
      And the next times of "0 20,3,3,12-12 * * *" are "03-14 03:00, 03-14 12:00, 03-14 20:00"

    Scenario: A step from one number on reaches the end of its field
      When it is 2026-03-14T00:00Z
      Then the next times of "20/20 * * * *" are "03-14 00:20, 03-14 00:40, 03-14 01:20"
      And the next times of "0 22/1 * * *" are "03-14 22:00, 03-14 23:00, 03-15 22:00"
      And the next times of "0 0 30/1 * *" are "03-30 00:00, 03-31 00:00, 04-30 00:00"
      And the next times of "0 0 1 11/1 *" are "11-01 00:00, 12-01 00:00, 11-01 00:00"
      And the next times of "0 0 * * 6/1" are "03-15 00:00, 03-21 00:00, 03-22 00:00"

    Scenario: Steps begin at the first value of their field
      When it is 2026-03-14T00:00Z
      Then the next times of "0 0 */10 * *" are "03-21 00:00, 03-31 00:00, 04-01 00:00"
      And the next times of "0 0 1 */5 *" are "06-01 00:00, 11-01 00:00, 01-01 00:00"
      And the next times of "0 */90 * * *" are "03-15 00:00, 03-16 00:00, 03-17 00:00"

    Scenario: Sunday is 0 and 7
      When it is 2026-03-14T12:00Z
      Then the next times of "0 0 * * 0" are "03-15 00:00, 03-22 00:00, 03-29 00:00"
      And the next times of "0 0 * * 7" are "03-15 00:00, 03-22 00:00, 03-29 00:00"
      And the next times of "0 0 * * 5-7" are "03-15 00:00, 03-20 00:00, 03-21 00:00"
      And the next times of "0 0 * * SUN" are "03-15 00:00, 03-22 00:00, 03-29 00:00"
      And the next times of "0 0 * * 6-7" are "03-15 00:00, 03-21 00:00, 03-22 00:00"

    Scenario: Every name stands for its number
      When it is 2025-12-31T23:59Z
      Then names stand for these next days:
        | FIELD   | NAMES                                           | DAYS                                                                        |
        | month   | JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC | 01-01 02-01 03-01 04-01 05-01 06-01 07-01 08-01 09-01 10-01 11-01 12-01     |
        | weekday | SUN MON TUE WED THU FRI SAT                     | 01-04 01-05 01-06 01-07 01-01 01-02 01-03                                   |
        | weekday | sun Mon tuE                                     | 01-04 01-05 01-06                                                           |
        | month   | feb Nov                                         | 02-01 11-01                                                                 |

    Scenario: Spaces around and between fields do not matter
      When it is 2026-03-14T00:00Z
      Then the next times of "  0   6  * *  * " are "03-14 06:00, 03-15 06:00, 03-16 06:00"

    Scenario: As many times as asked for
      When it is 2026-03-14T00:00Z
      Then "*/15 * * * *" has 0, 1 and 200 next times
      And the next times of "0 6 * * *" are "03-14 06:00, 03-15 06:00, 03-16 06:00"

  Rule: Days that do not exist are left out

    Scenario: Leap years
      When it is 2096-02-29T00:00Z
      Then the next times of "0 0 29 2 *" are "02-29 00:00"
      And the next year of "0 0 29 2 *" is 2104
      But "0 0 31 2,4,6,9,11 *" never comes

  Rule: With both a day of the month and a day of the week, either is enough

    Scenario: A star in one of them leaves the other
      When it is 2026-03-14T12:00Z
      Then the next times of "0 0 1 * *" are "04-01 00:00, 05-01 00:00, 06-01 00:00"
      And the next times of "0 0 * * 1" are "03-16 00:00, 03-23 00:00, 03-30 00:00"
      And the next times of "0 0 1 * */6" are "03-15 00:00, 03-21 00:00, 03-22 00:00"
      And the next times of "0 0 1-31 * 1" are "03-15 00:00, 03-16 00:00, 03-17 00:00"

    Scenario: The month has to fit in any case
      When it is 2026-03-14T12:00Z
      Then the next times of "0 0 2 4 1" are "04-02 00:00, 04-06 00:00, 04-13 00:00"

  Rule: Anything but an expression is refused

    Scenario: Odd expressions are refused
      When it is 2026-03-14T00:00Z
      Then each of these is refused with a RangeError:
        | * * * *          |
        | * * * * * *      |
        | * 24 * * *       |
        | * * 0 * *        |
        | * * 32 * *       |
        | * * * 0 *        |
        | * * * 13 *       |
        | * * * * 8        |
        | 30-10 * * * *    |
        | */0 * * * *      |
        | 59/0 * * * *     |
        | 5-60 * * * *     |
        | 1-2-3 * * * *    |
        | 1,, * * * *      |
        | , * * * *        |
        | - * * * *        |
        | 5- * * * *       |
        | -5 * * * *       |
        | 1.5 * * * *      |
        | */ * * * *       |
        | */1/2 * * * *    |
        | */x * * * *      |
        | */1.5 * * * *    |
        | ** * * * *       |
        | JAN * * * *      |
        | * * * MON *      |
        | * * * * JAN      |
        | * * * JANUARY *  |
        | * * * * MON-     |
        | * * * * SAT-MON  |
        | 0x5 * * * *      |
      But the next times of "0-59 23 1-31 1-12 0-7" are "03-14 23:00, 03-14 23:01, 03-14 23:02"
      And the next times of "0 0 31 12 7" are "12-06 00:00, 12-13 00:00, 12-20 00:00"
