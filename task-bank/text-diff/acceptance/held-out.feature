Feature: The difference of two texts, in hunks with context, held out

  Rule: Changed lines are shown with lines of context

    Scenario: Context ends where the text does
      When "a/b/c/" becomes "a/x/c/"
      Then the difference is "@@ -1,3 +1,3 @@/ a/-b/+x/ c/"
      And the difference with 90 lines of context is "@@ -1,3 +1,3 @@/ a/-b/+x/ c/"
      And the difference with 0 lines of context is "@@ -2 +2 @@/-b/+x/"

    Scenario: Removed lines come before added ones
      When "a/b/c/d/" becomes "a/x/y/d/"
      Then the difference is "@@ -1,4 +1,4 @@/ a/-b/-c/+x/+y/ d/"

    Scenario: Empty lines and spaces are lines like any other
      Then these texts differ so:
        | BEFORE   | AFTER    | CONTEXT | DIFFERENCE                             |
        | a//b/    | a/b/     | 1       | @@ -1,3 +1,2 @@/ a/-/ b/               |
        | a/       | a/ /     | 0       | @@ -1,0 +2 @@/+ /                      |
        | /        | //       | 0       | @@ -1,0 +2 @@/+/                       |
        | -a/      | +a/      | 3       | @@ -1 +1 @@/--a/++a/                   |
        | a /b/    | a/b/     | 0       | @@ -1 +1 @@/-a /+a/                    |

    Scenario: A carriage return belongs to its line
      When "a" and "b" with Windows line ends become "a" and "b" with plain ones
      Then both lines are taken away and added

  Rule: Changes that share context share a hunk

    Scenario: Twice the context apart is one hunk, and one line more is two
      Then these texts differ so:
        | BEFORE       | AFTER        | CONTEXT | DIFFERENCE                                                              |
        | a/1/2/3/4/b/ | x/1/2/3/4/y/ | 2       | @@ -1,6 +1,6 @@/-a/+x/ 1/ 2/ 3/ 4/-b/+y/                                |
        | a/1/2/3/4/5/b/ | x/1/2/3/4/5/y/ | 2   | @@ -1,3 +1,3 @@/-a/+x/ 1/ 2/@@ -5,3 +5,3 @@/ 4/ 5/-b/+y/                |
        | a/1/b/       | x/1/y/       | 0       | @@ -1 +1 @@/-a/+x/@@ -3 +3 @@/-b/+y/                                    |
        | a/b/1/c/     | x/1/         | 0       | @@ -1,2 +1 @@/-a/-b/+x/@@ -4 +2,0 @@/-c/                                |

    Scenario: Three hunks count their lines each
      When "1/2/3/4/5/6/7/8/9/" becomes "0/1/2/3/4/6/7/8/9/10/"
      Then the difference with 1 line of context is "@@ -1 +1,2 @@/+0/ 1/@@ -4,3 +5,2 @@/ 4/-5/ 6/@@ -9 +9,2 @@/ 9/+10/"

    Scenario: A chain of near changes is one hunk
      When "a/1/b/2/c/3/" becomes "x/1/y/2/z/3/"
      Then the difference with 1 line of context is "@@ -1,6 +1,6 @@/-a/+x/ 1/-b/+y/ 2/-c/+z/ 3/"

  Rule: A hunk says where it begins and how many lines it has

    Scenario: Lines are added or taken away without context
      Then these texts differ so:
        | BEFORE   | AFTER    | CONTEXT | DIFFERENCE                             |
        | a/b/     | a/x/b/   | 0       | @@ -1,0 +2 @@/+x/                      |
        | a/b/     | x/a/b/   | 0       | @@ -0,0 +1 @@/+x/                      |
        | a/b/     | a/b/x/y/ | 0       | @@ -2,0 +3,2 @@/+x/+y/                 |
        | a/b/c/   | a/       | 0       | @@ -2,2 +1,0 @@/-b/-c/                 |
        | a/b/     |          | 3       | @@ -1,2 +0,0 @@/-a/-b/                 |
        |          | a/       | 3       | @@ -0,0 +1 @@/+a/                      |

  Rule: A last line without an end is marked

    Scenario: Every line without an end is marked
      Then these texts differ so:
        | BEFORE  | AFTER    | CONTEXT | DIFFERENCE                                                                                  |
        | a/b/    | a/b      | 0       | @@ -2 +2 @@/-b/+b/\ No newline at end of file/                                              |
        | a/b     | x/b      | 1       | @@ -1,2 +1,2 @@/-a/+x/ b/\ No newline at end of file/                                       |
        | a       | b        | 1       | @@ -1 +1 @@/-a/\ No newline at end of file/+b/\ No newline at end of file/                  |
        |         | a        | 1       | @@ -0,0 +1 @@/+a/\ No newline at end of file/                                               |
        | a/bc    | a/bd     | 0       | @@ -2 +2 @@/-bc/\ No newline at end of file/+bd/\ No newline at end of file/                |
        | a/b     | x/b      | 0       | @@ -1 +1 @@/-a/+x/                                                                          |
        | a       | a/b      | 0       | @@ -1 +1,2 @@/-a/\ No newline at end of file/+a/+b/\ No newline at end of file/             |

  Rule: The difference has as few lines as possible

    Scenario: As many lines as possible are kept
      Then these texts differ so:
        | BEFORE         | AFTER          | CONTEXT | DIFFERENCE                                              |
        | a/b/c/a/b/b/a/ | c/b/a/b/a/c/   | 3       | @@ -1,7 +1,6 @@/-a/-b/ c/-a/ b/+a/ b/ a/+c/            |
        | x/a/b/         | a/b/y/         | 1       | @@ -1,3 +1,3 @@/-x/ a/ b/+y/                            |
        | a/a/a/         | a/             | 0       | @@ -2,2 +1,0 @@/-a/-a/                                  |
        | {/}/{/}/       | {/}/{/}/{/}/   | 0       | @@ -4,0 +5,2 @@/+{/+}/                                  |
        | a/b/           | b/a/           | 1       | @@ -1,2 +1,2 @@/-a/ b/+a/                               |
        | a/x/b/         | b/x/a/         | 0       | @@ -1,2 +0,0 @@/-a/-x/@@ -3,0 +2,2 @@/+x/+a/            |

  Rule: Context is a whole number of lines

    Scenario: Odd numbers of lines are refused
      When "a/b/" becomes "a/c/"
      Then -1, 0.5 and "3" lines of context are refused with a RangeError
      And the difference with 0 lines of context is "@@ -2 +2 @@/-b/+c/"
