Feature: Markdown tables in line, whatever is in their cells, held out

  Rule: Pipes separate cells

    Scenario: Two backslashes are no escape
      Then "a\\|b / -|- / c\\\|d|e" becomes "| a\\    | b   | / | ------ | --- | / | c\\\|d | e   |"
      And "a|b\ / -|- / c|d\\" becomes "| a   | b\  | / | --- | --- | / | c   | d\\ |"

    Scenario: Pipes at one end only, or behind a backslash at the end
      Then "| a | b / -|- | / 1|2 |" becomes "| a   | b   | / | --- | --- | / | 1   | 2   |"
      And "| a / --- | / b" becomes "| a   | / | --- | / | b   |"
      And "| a | b\| / |-|-| / | \| | \|" becomes "| a   | b\| | / | --- | --- | / | \|  | \|  |"

    Scenario: Empty cells keep their place
      Then "||a|| / |-|-|-| / |b||| / ||" becomes "|     | a   |     | / | --- | --- | --- | / | b   |     |     | / |     |     |     |"
      And "|| / |-|" becomes "|     | / | --- |"

    Scenario: Spaces around cells and lines do not matter
      Then "   |  a  b |c|   /  | - |  - |  /     |d|    e|" becomes "| a  b | c   | / | ---- | --- | / | d    | e   |"

    Scenario: The longest row decides, wherever it is
      Then "a|b|c / - / d / e|f" becomes "| a   | b   | c   | / | --- | --- | --- | / | d   |     |     | / | e   | f   |     |"
      And "a / -|-:|:-: / b|c" becomes "| a   |     |     | / | --- | --: | :-: | / | b   |   c |     |"
      And "a / - / b|c|ddddd / e" becomes "| a   |     |       | / | --- | --- | ----- | / | b   | c   | ddddd | / | e   |     |       |"

  Rule: Colons in the second line align a column

    Scenario: All alignments side by side
      Then "none|left|right|middle / -----|:-|-:|:---------: / a|b|c|d / bbbbbb|bb|ccccccc|ddddddd" becomes "| none   | left |   right | middle  | / | ------ | :--- | ------: | :-----: | / | a      | b    |       c |    d    | / | bbbbbb | bb   | ccccccc | ddddddd |"

    Scenario: The middle of even and odd widths
      Then "abcd|abcde / :-:|:-: / x|x / xy|xy / xyz|xyz" becomes "| abcd | abcde | / | :--: | :---: | / |  x   |   x   | / |  xy  |  xy   | / | xyz  |  xyz  |"

  Rule: Columns are as wide as they look, and at least three

    Scenario: Scripts and emoji
      Then "日本 語|x / -:|- / カナ|한글 / ひ|é😀" becomes "| 日本 語 | x    | / | ------: | ---- | / |    カナ | 한글 | / |      ひ | é😀  |"

    Scenario: A character joined to another takes no place
      Then the name "Rene" with a combined accent and a family of emoji is lined up

    Scenario: A formatted table stays as it is
      Then "| a\|b  |     x | / | :---- | ----: | / | 東    |     1 | / | 12345 | 12345 |" becomes "| a\|b  |     x | / | :---- | ----: | / | 東    |     1 | / | 12345 | 12345 |"

    Scenario: The end of the last line stays, if there is one
      Then with and without a line at the end "a|b / -|-: / c|d" becomes "| a   |   b | / | --- | --: | / | c   |   d |"

  Rule: Anything but a table is refused

    Scenario: Every cell of the second line has to be of dashes
      Then each of these is refused with a SyntaxError:
        | a             |
        | a / b         |
        | a / : / b     |
        | a / :: / b    |
        | a / -x / b    |
        | a / x- / b    |
        | a / - - / b   |
        | a / -:- / b   |
        | a / ::- / b   |
        | a / -:: / b   |
        | a / = / b     |
        | a /  / -      |
        | - / a / -     |
      And "a\|b / -\|-" and "a|b / -|| " and "a|b / -|x" are refused with a SyntaxError
      But "a / :-------: / b" becomes "|  a  | / | :-: | / |  b  |"
      And "a|b / -|-:" becomes "| a   |   b | / | --- | --: |"
