Feature: Bookings of a room that never overlap, held out

  Rule: A room takes one booking at a time

    Scenario: A booking around another is turned away
      Given "Ada" has booked 10:00-11:00
      When "Bob" books 09:00-12:00
      Then it is turned away because of "10:00-11:00 Ada"

    Scenario: The answer names the earliest of several conflicts
      Given "Ada" has booked 14:00-15:00
      And "Bob" has booked 09:00-10:00
      When "Cleo" books 08:00-16:00
      Then it is turned away because of "09:00-10:00 Bob"
      And the bookings are "09:00-10:00 Bob, 14:00-15:00 Ada"

    Scenario: Nobody books the same minutes twice
      Given "Ada" has booked 10:00-11:00
      When "Ada" books 10:00-11:00
      Then it is turned away because of "10:00-11:00 Ada"
      And the bookings are "10:00-11:00 Ada"

    Scenario: One minute is enough for a conflict
      Given "Ada" has booked 10:00-11:00
      When "Bob" books 10:59-12:00
      Then it is turned away because of "10:00-11:00 Ada"
      But "Bob" has booked 09:59-10:00

    Scenario: A gap is filled exactly
      Given "Ada" has booked 09:00-10:00
      And "Bob" has booked 11:00-12:00
      When "Cleo" books 10:00-11:00
      Then the bookings are "09:00-10:00 Ada, 10:00-11:00 Cleo, 11:00-12:00 Bob"

    Scenario: Two rooms share nothing
      Given "Ada" has booked 10:00-11:00
      And a second room
      And "Bob" has booked 10:00-11:00
      Then the bookings are "10:00-11:00 Bob"

  Rule: Bookings can be cancelled by who made them

    Scenario: Only exactly this booking is cancelled
      Given "Ada" has booked 09:00-10:00
      And "Ada" has booked 11:00-12:00
      And "Bob" has booked 10:00-11:00
      Then there is nothing to cancel for:
        | WHO   | SPAN         |
        | Ada   | 09:00-09:30  |
        | Ada   | 09:30-10:00  |
        | Ada   | 09:00-12:00  |
        | Ada   | 10:00-11:00  |
        | Bob   | 09:00-10:00  |
      And the bookings are "09:00-10:00 Ada, 10:00-11:00 Bob, 11:00-12:00 Ada"

    Scenario: A booking is cancelled once
      Given "Ada" has booked 09:00-10:00
      And "Ada" has booked 11:00-12:00
      When "Ada" cancels 09:00-10:00
      Then there was something to cancel
      And there is nothing to cancel for:
        | WHO   | SPAN         |
        | Ada   | 09:00-10:00  |
      And the bookings are "11:00-12:00 Ada"

  Rule: The room knows when it is free

    Scenario: A room without bookings is free all day, and a booked day has no free time
      Then the bookings are ""
      And the room is free at "00:00-24:00"
      Given "Ada" has booked 00:00-12:00
      And "Bob" has booked 12:00-24:00
      Then the room is never free
      And the room is never free for 0 minutes

    Scenario: A gap of just the wanted length is free, and shorter ones are left out
      Given "Ada" has booked 09:00-10:00
      And "Bob" has booked 10:30-23:59
      Then the room is free for 30 minutes at "00:00-09:00, 10:00-10:30"
      And the room is free for 31 minutes at "00:00-09:00"
      And the room is free at "00:00-09:00, 10:00-10:30, 23:59-24:00"

  Rule: A booking lies within the day

    Scenario: A time that no clock shows is refused
      When "Ada" books 23:00-24:30
      Then it is refused with a RangeError
      But "Ada" has booked 23:59-24:00
      And "Ada" has booked 10:59-23:59

    Scenario: Odd bookings are refused and change nothing
      Given "Ada" has booked 09:00-10:00
      Then none of these bookings is taken:
        | FROM    | TO      |
        | 11:00   | 10:30   |
        | 24:00   | 24:00   |
        | 12:00   | 24:01   |
        | 12:00   | 12:60   |
        | 12:60   | 14:00   |
        | 12:00   | 25:00   |
        | 7:00    | 08:00   |
        | 07:00   | 8:00    |
        | 12:5    | 13:00   |
        | 012:00  | 13:00   |
        | 12:00   | 13:000  |
        | 1200    | 1300    |
        | -1:00   | 02:00   |
        | noon    | 13:00   |
        |         | 01:00   |
      But the bookings are "09:00-10:00 Ada"
      And the room is free at "00:00-09:00, 10:00-24:00"
