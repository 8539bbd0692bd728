Feature: A warehouse's reports from an event log, with snapshots, held out

  Rule: A third report shows what counting has corrected

    Scenario: Corrections add up, and nothing is shown of those that cancel out
      Given the events "counted 3 nails, shipped 1 nails, counted 5 nails, received 4 bolts, counted 3 bolts, counted 4 bolts"
      Then the report "corrections" is "nails 6"
      And the report "on-hand" is "bolts 4, nails 5"
      And the report "shipped" is "nails 1"

    Scenario: An item that is gone is not shown
      Given the events "received 2 nails, shipped 2 nails, received 1 bolts, counted 0 bolts"
      Then the report "on-hand" is ""
      And the report "shipped" is "nails 2"
      And the report "corrections" is "bolts -1"

    Scenario: Odd names are names like any other
      Given the events "received 2 __proto__, received 3 constructor, counted 1 __proto__, shipped 1 toString" of which the last is refused
      When it is opened again from a snapshot
      Then the report "on-hand" is "__proto__ 1, constructor 3"
      And the report "corrections" is "__proto__ -1"
      And the report "toString" is refused with a RangeError

  Rule: A report can be read as it was after any event

    Scenario: After each event, and before the first one, but after no other
      Given the events "received 3 nails, counted 2 nails, shipped 2 nails"
      Then the report "on-hand" after each event from 0 on is "; nails 3; nails 2; "
      And the report "corrections" after each event from 0 on is "; ; nails -1; nails -1"
      And the report "shipped" after each event from 0 on is "; ; ; nails 2"
      But the report "on-hand" after event -1, 0.5 or 4 is refused with a RangeError
      And the event "received 1 nails" gets the number 4

  Rule: A refused event changes nothing

    Scenario: Odd events are refused
      Given the events "received 3 nails, counted 2 nails"
      When it is opened again from a snapshot
      Then these events are refused with a RangeError:
        | shipped 3 nails    |
        | shipped 1 bolts    |
        | received 0 nails   |
        | shipped 0 nails    |
        | received -1 nails  |
        | shipped -1 nails   |
        | counted -1 nails   |
        | received 1.5 nails |
        | shipped 0.5 nails  |
        | counted 0.5 nails  |
        | stolen 1 nails     |
        | toString 1 nails   |
      And the report "corrections" is "nails -1"
      But the event "shipped 2 nails" gets the number 3

  Rule: A warehouse is opened again from its events

    Scenario: Without events it is a new one
      When it is opened again from all its events
      Then the report "on-hand" is ""
      And the report "corrections" is ""
      And the event "counted 1 nails" gets the number 1
      And the report "corrections" is "nails 1"

    Scenario: An event in the middle is missing
      Given the events "received 1 nails, received 2 nails, received 4 nails"
      Then it can't be opened again from the events 1 and 3, 2 and 3, or 2 and 1
      But it is opened again from the events 1 and 2 with "nails 3" on hand

    Scenario: Two warehouses share nothing
      Given the events "received 1 nails, received 2 bolts"
      When it is opened again from all its events
      And another one is opened again from the same events
      And the event "received 5 nails" gets the number 3
      Then the report "on-hand" is "bolts 2, nails 6"
      But that of the other one is "bolts 2, nails 1"

  Rule: A snapshot stands for the events before it

    Scenario: Reports before a snapshot need the events before it, all of them
      Given the events "received 9 nails, counted 8 nails, shipped 3 nails"
      And a snapshot, and then the events "counted 4 nails, counted 5 nails"
      When it is opened again from the snapshot and the events from number 4 on
      Then after event 3 the report "corrections" is "nails -1"
      And after event 4 the report "corrections" is "nails -2"
      And after event 0 the report "corrections" is ""
      But the report "on-hand" after event 1 or 2 is refused with a RangeError
      When it is opened again from the snapshot and the events from number 3 on
      Then the report "on-hand" is "nails 5"
      And the report "corrections" is "nails -1"
      But the report "on-hand" after event 1 or 2 is refused with a RangeError

    Scenario: A snapshot of a warehouse that was opened from a snapshot
      Given the events "received 9 nails, counted 8 nails"
      When it is opened again from a snapshot
      And it goes on with "shipped 2 nails, counted 5 nails"
      And it is opened again from a snapshot
      Then the report "corrections" is "nails -2"
      And the report "shipped" is "nails 2"
      And the event "shipped 5 nails" gets the number 5
      And the report "on-hand" is ""

    Scenario: Events that do not fit a snapshot are refused and do not change it
      Given the events "received 9 nails, counted 8 nails"
      And a snapshot, and then the events "counted 7 nails, received 2 nails"
      When it is opened again from the snapshot and the events from number 4 on in vain
      Then from the snapshot and event 1 alone it can't be opened
      But from the snapshot and event 2 alone it is opened with "nails 8" on hand
      When it is opened again from the snapshot alone
      Then the report "on-hand" is "nails 8"

    Scenario: An old snapshot without events after it
      Given the events "received 9 nails, counted 8 nails"
      And a snapshot without "shipped", and then the events "shipped 7 nails"
      Then from the snapshot alone it can't be opened
      But from the events from number 1 on it is opened with "nails 1" on hand
