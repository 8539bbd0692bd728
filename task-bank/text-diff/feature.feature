Feature: The difference of two texts, in hunks with context
  A review tool shows what an edit changed: lines taken away, lines added, and some lines
  around them. In the scenarios a slash stands for the end of a line.

  Rule: Changed lines are shown with lines of context

    Scenario: A changed line
      When "a/b/c/" becomes "a/x/c/"
      Then the difference with 1 line of context is "@@ -1,3 +1,3 @@/ a/-b/+x/ c/"

    Scenario: An added line
      When "a/b/c/" becomes "a/b/x/c/"
      Then the difference with 1 line of context is "@@ -2,2 +2,3 @@/ b/+x/ c/"

    Scenario: A line taken away
      When "a/b/c/d/" becomes "a/c/d/"
      Then the difference with 1 line of context is "@@ -1,3 +1,2 @@/ a/-b/ c/"

    Scenario: There are three lines of context unless told otherwise
      When "a/b/c/d/e/f/g/h/i/" becomes "a/b/c/d/x/f/g/h/i/"
      Then the difference is "@@ -2,7 +2,7 @@/ b/ c/ d/-e/+x/ f/ g/ h/"

    Scenario: Equal texts have no difference
      When "a/b/" becomes "a/b/"
      Then the difference is ""
      But from "a/b/" to "a/c/" there is one

  Rule: Changes that share context share a hunk

    Scenario: Changes far from each other
      When "a/b/c/d/e/" becomes "x/b/c/d/y/"
      Then the difference with 1 line of context is "@@ -1,2 +1,2 @@/-a/+x/ b/@@ -4,2 +4,2 @@/ d/-e/+y/"

    Scenario: Changes near each other
      When "a/b/c/d/e/" becomes "x/b/c/y/e/"
      Then the difference with 1 line of context is "@@ -1,5 +1,5 @@/-a/+x/ b/ c/-d/+y/ e/"

  Rule: A hunk says where it begins and how many lines it has

    Scenario: A count of one is left out
      When "a/b/c/" becomes "a/x/y/c/"
      Then the difference with 0 lines of context is "@@ -2 +2,2 @@/-b/+x/+y/"

    Scenario: A hunk without lines names the line before
      When "" becomes "a/b/"
      Then the difference is "@@ -0,0 +1,2 @@/+a/+b/"

  Rule: A last line without an end is marked

    Scenario: The end of the last line is added
      When "a/b" becomes "a/b/"
      Then the difference is "@@ -1,2 +1,2 @@/ a/-b/\ No newline at end of file/+b/"

  Rule: The difference has as few lines as possible

    Scenario: A line that moves
      When "a/b/c/d/" becomes "d/a/b/c/"
      Then the difference is "@@ -1,4 +1,4 @@/+d/ a/ b/ c/-d/"
