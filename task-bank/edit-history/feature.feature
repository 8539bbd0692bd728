Feature: An edit history with joined typing, groups and a limit
  An editor applies every change through its history, so that changes can be undone and redone
  step by step. Fast typing is one step, a group of changes is one step, and the history
  knows whether the text is the one that was saved.

  Background:
    Given the text "hello" with a history of 3 steps that joins typing within 1000 ms

  Scenario: Steps are undone and redone
    When 1 character at 0 becomes "J"
    And 2 characters at 3 are erased
    Then undoing gives "Jello", then "hello", then nothing more
    And redoing gives "Jello", then "Jel", then nothing more

  Scenario: A new change forgets what was undone
    When 1 character at 0 becomes "J"
    And the last step is undone
    And "!" is typed at 5
    Then the text is "hello!", and nothing can be redone

  Scenario: Typing without a pause is one step
    When "a", "b" and "cd" are typed from 5 on, 1000 ms apart
    Then the text is "helloabcd"
    And undoing gives "hello", then nothing more

  Scenario: A pause and another place begin a new step
    When "a" and "b" are typed from 5 on, 1001 ms apart
    And "c" is typed at 0
    Then undoing gives "helloab", then "helloa", then "hello"

  Scenario: A group is one step with a name
    When in a group "tidy up" 5 characters at 0 are erased and "bye" is typed at 0
    Then the next step to undo is "tidy up"
    And undoing gives "hello", then nothing more
    And redoing gives "bye", then nothing more

  Scenario: A cancelled group leaves all as it was
    When 1 character at 0 becomes "J"
    And the last step is undone
    And in a group "tidy up" 5 characters at 0 are erased, and it is cancelled
    Then the text is "hello"
    And redoing gives "Jello", then nothing more

  Scenario: The oldest step is forgotten at the limit
    When the last character is erased 4 times
    Then undoing gives "he", then "hel", then "hell", then nothing more

  Scenario: A change outside the text is refused
    Then a change of 1 character at 5 is refused with a RangeError
    But a change of 1 character at 4 is not
