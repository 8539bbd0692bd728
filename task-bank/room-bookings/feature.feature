Feature: Bookings of a room that never overlap
  A room is booked from one minute of the day up to another, which is no longer part of the
  booking. Times are written as hours and minutes, from 00:00 up to 24:00.

  Rule: A room takes one booking at a time

    Scenario: A free room is booked
      When "Ada" books 09:00-10:00
      Then the bookings are "09:00-10:00 Ada"

    Scenario: A booking that overlaps another is turned away
      Given "Ada" has booked 09:00-10:00
      When "Bob" books 09:30-10:30
      Then it is turned away because of "09:00-10:00 Ada"
      And the bookings are "09:00-10:00 Ada"

    Scenario: A booking inside another is turned away
      Given "Ada" has booked 09:00-12:00
      When "Bob" books 10:00-11:00
      Then it is turned away because of "09:00-12:00 Ada"

    Scenario: Bookings may touch
      Given "Ada" has booked 09:00-10:00
      When "Bob" books 10:00-11:00
      Then the bookings are "09:00-10:00 Ada, 10:00-11:00 Bob"

    Scenario: Bookings are listed in the order of the day
      Given "Ada" has booked 14:00-15:00
      When "Bob" books 08:15-08:45
      Then the bookings are "08:15-08:45 Bob, 14:00-15:00 Ada"

  Rule: Bookings can be cancelled by who made them

    Scenario: A cancelled booking makes room
      Given "Ada" has booked 09:00-10:00
      When "Ada" cancels 09:00-10:00
      And "Bob" books 09:30-10:30
      Then the bookings are "09:30-10:30 Bob"

    Scenario: Nobody cancels for others
      Given "Ada" has booked 09:00-10:00
      When "Bob" cancels 09:00-10:00
      Then there was nothing to cancel
      And the bookings are "09:00-10:00 Ada"

  Rule: The room knows when it is free

    Scenario: The free times lie between the bookings
      Given "Ada" has booked 09:00-10:00
      And "Bob" has booked 13:00-14:30
      Then the room is free at "00:00-09:00, 10:00-13:00, 14:30-24:00"

  Rule: A booking ends after it begins

    Scenario: A booking that ends as it begins is refused
      When "Ada" books 09:00-09:00
      Then it is refused with a RangeError
      But "Ada" has booked 09:00-09:01
