Feature: An edit history with joined typing, groups and a limit, held out

  Background:
    Given the text "abc" with a history of 3 steps that joins typing within 500 ms

  Scenario: The kinds of steps have names
    When "x" is typed at 1
    And 1 character at 0 is erased
    And 1 character at 0 becomes "yz"
    Then the steps to undo are "replacing, erasing, typing"
    And the steps to redo are "typing, erasing, replacing" when all are undone

  Scenario: Only typing at the end of the last typing joins it, and each join gives new time
    When "1", "2" and "3" are typed from 3 on, 500 ms apart
    And "4" and "5" are typed from 6 on, 501 ms apart
    Then undoing gives "abc1234", then "abc", then nothing more
    When "1" and "2" are typed from 3 on, 0 ms apart
    And "3" is typed at 3
    And 1 character at 4 is erased
    And "4" is typed at 4
    Then undoing gives "abc32", then "abc312", then "abc12", then nothing more

  Scenario: Undoing, redoing and groups end a run of typing
    When "1" and "2" are typed from 3 on, 501 ms apart
    And the last step is undone
    And "3" is typed at 4
    And the last step is undone
    And the last step is redone
    And "4" is typed at 5
    Then undoing gives "abc13", then "abc1", then "abc", then nothing more
    When "d" is typed at 3
    And an open group "nothing" begins
    And the open group ends
    And "e" is typed at 4
    Then undoing gives "abcd", then "abc", then nothing more

  Scenario: Groups in a group belong to it
    Given an open group "outer"
    When in a group "inner" 1 character at 0 are erased and "x" is typed at 0
    And "y" is typed at 1
    Then nothing can be undone yet
    When the open group ends
    And "z" is typed at 2
    Then the steps to undo are "typing, outer"
    And undoing gives "xybc", then "abc", then nothing more

  Scenario: Cancelling undoes the group with all groups in it
    Given "d" was typed at 3
    And an open group "outer"
    When in a group "inner" 4 characters at 0 are erased and "x" is typed at 0
    And the open group is cancelled
    Then the text is "abcd"
    And the steps to undo are "typing"
    And "e" is typed at 4, and undoing gives "abcd"

  Scenario: In an open group nothing is undone or redone
    Given "d" was typed at 3
    And 1 character at 0 is erased
    And the last step is undone
    And an open group "outer"
    Then nothing can be undone yet
    When the open group is cancelled
    Then redoing gives "bcd", then nothing more
    And undoing gives "abcd", then "abc", then nothing more

  Scenario: A group or a change that changes nothing is no step
    Given "d" was typed at 3
    And the last step is undone
    And an open group "nothing"
    When the open group ends
    Then the text is "abc"
    When "" is typed at 1
    And 1 character at 0 becomes "a"
    Then redoing gives "abcd", then nothing more
    And undoing gives "abc", then nothing more
    And a group that is not open can't be ended or cancelled

  Scenario: The saved text is known again, and the same letters typed again are another one
    Given "d" was typed at 3
    When the text is saved
    And "e" is typed at 4
    Then the text counts as changed
    But undoing gives "abcd", and the text counts as saved
    And undoing gives "abc", and the text counts as changed
    And redoing gives "abcd", and the text counts as saved
    When the last step is undone
    And "d" is typed at 3
    Then the text counts as changed

  Scenario: A forgotten step may have led to the saved text
    Given "d" was typed at 3
    And the text is saved
    When the last character is erased 3 times
    Then undoing gives "ab", then "abc", then "abcd", then nothing more
    And the text counts as saved

  Scenario: A text counts as saved from the start, and as changed in a group
    Then redoing gives nothing more
    And the text counts as saved
    When an open group "empty" begins
    Then the text counts as saved
    When an open group "outer" has "x" typed at 0
    Then the text counts as changed
    And when it is cancelled, the text counts as saved

  Scenario: A history without steps undoes nothing
    Given the text "abc" with a history of 0 steps that joins typing within 500 ms
    When "d" and "e" are typed from 3 on, 0 ms apart
    Then undoing gives nothing more
    And the text is "abcde", and nothing can be redone

  Scenario: Odd places are refused and change nothing
    Given "d" was typed at 3
    Then a change of 0 characters at 5 is refused with a RangeError
    And a change of 0 characters at -1 is refused with a RangeError
    And a change of -1 characters at 2 is refused with a RangeError
    And a change of 0.5 characters at 1 is refused with a RangeError
    And a change of 1 character at 0.5 is refused with a RangeError
    But "e" is typed at 4, and undoing gives "abc"
