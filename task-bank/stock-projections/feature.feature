Feature: A warehouse's reports from an event log, with snapshots
  A warehouse records what is received, shipped and counted, as events with numbers from 1. Its
  reports read the whole log each time, and a restart loses it.

  Rule: A third report shows what counting has corrected

    Scenario: Counts that differ from what was expected
      Given the events "received 10 nails, counted 8 nails, counted 9 nails, received 5 bolts"
      Then the report "corrections" is "nails -1"

  Rule: A report can be read as it was after any event

    Scenario: Before the last events
      Given the events "received 10 nails, shipped 4 nails, received 5 bolts, shipped 1 nails"
      Then after event 2 the report "on-hand" is "nails 6"
      And after event 3 the report "shipped" is "nails 4"
      But the report "shipped" is "nails 5"

  Rule: A warehouse is opened again from its events

    Scenario: All reports are as before
      Given the events "received 10 nails, shipped 4 nails, counted 5 nails"
      When it is opened again from all its events
      Then the report "shipped" is "nails 4"
      And the report "corrections" is "nails -1"

    Scenario: Numbers go on
      Given the events "received 10 nails, shipped 4 nails"
      When it is opened again from all its events
      Then the event "shipped 6 nails" gets the number 3
      But the event "shipped 1 nails" is refused with a RangeError

  Rule: A snapshot stands for the events before it

    Scenario: A snapshot alone
      Given the events "received 10 nails, shipped 4 nails"
      When it is opened again from a snapshot
      Then the report "shipped" is "nails 4"
      And the event "counted 5 nails" gets the number 3
      And the report "corrections" is "nails -1"

    Scenario: A snapshot and the events after it
      Given the events "received 10 nails, shipped 4 nails"
      And a snapshot, and then the events "shipped 1 nails, received 2 bolts"
      When it is opened again from the snapshot and the events from number 3 on
      Then the report "on-hand" is "bolts 2, nails 5"

    Scenario: Events before the snapshot do not count twice
      Given the events "received 10 nails, shipped 4 nails"
      And a snapshot, and then the events "shipped 1 nails"
      When it is opened again from the snapshot and the events from number 1 on
      Then the report "on-hand" is "nails 5"
      And after event 1 the report "on-hand" is "nails 10"

    Scenario: A report that an old snapshot lacks is made from all events
      Given the events "received 10 nails, counted 8 nails"
      And a snapshot without "corrections", and then the events "counted 7 nails"
      When it is opened again from the snapshot and the events from number 1 on
      Then the report "corrections" is "nails -3"
      But from the events from number 2 on it can't be opened
