Feature: Bookings of a room that never overlap, held out

  Rule: A room takes one booking at a time

    Scenario: A booking around another is turned away
      Given "Ada" has booked 10:00-11:00
      When "Bob" books 09:00-12:00
      Then it is turned away because of "10:00-11:00 Ada"

    Scenario: The earliest of several conflicts is told
      Given "Ada" has booked 14:00-15:00
      And "Bob" has booked 09:00-10:00
      When "Cleo" books 08:00-16:00
      Then it is turned away because of "09:00-10:00 Bob"

    Scenario: A gap is filled exactly
      Given "Ada" has booked 09:00-10:00
      And "Bob" has booked 11:00-12:00
      When "Cleo" books 10:00-11:00
      Then the bookings are "09:00-10:00 Ada, 10:00-11:00 Cleo, 11:00-12:00 Bob"

  Rule: The room tells when it is free

    Scenario: A booked day has no free time
      Given "Ada" has booked 00:00-12:00
      And "Bob" has booked 12:00-24:00
      Then the room is never free

    Scenario: Short gaps are left out
      Given "Ada" has booked 09:00-10:00
      And "Bob" has booked 10:20-24:00
      Then the room is free for 30 minutes at "00:00-09:00"

  Rule: A booking lies within the day

    Scenario: A time that no clock shows is refused
      When "Ada" books 23:00-24:30
      Then it is refused with a RangeError
