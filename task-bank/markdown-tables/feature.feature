Feature: Markdown tables in line, whatever is in their cells
  An editor formats the table under the cursor, so that its pipes are below each other. It
  spoils many tables. In the scenarios " / " is the end of a line.

  Rule: Pipes separate cells

    Scenario: A pipe behind a backslash belongs to its cell
      When "| or | x\|y | / | --- | --- | / | and | x&y |" is formatted
      Then the table is "| or  | x\|y | / | --- | ---- | / | and | x&y  |"

    Scenario: Pipes at the ends of a line may be left out
      When "name|age / ---|--- / Ada|36" is formatted
      Then the table is "| name | age | / | ---- | --- | / | Ada  | 36  |"

    Scenario: A short row gets empty cells
      When "| one | two | / | --- | --- | / | 1 |" is formatted
      Then the table is "| one | two | / | --- | --- | / | 1   |     |"

    Scenario: A long row makes the table wider
      When "| one | / | --- | / | 1 | more |" is formatted
      Then the table is "| one |      | / | --- | ---- | / | 1   | more |"

  Rule: Colons in the second line align a column

    Scenario: To the right
      When "| item | price | / | --- | --: | / | tea | 4 |" is formatted
      Then the table is "| item | price | / | ---- | ----: | / | tea  |     4 |"

    Scenario: To the middle, with the odd space behind the text
      When "| medal | / | :-: | / | no |" is formatted
      Then the table is "| medal | / | :---: | / |  no   |"

    Scenario: A colon for the left stays
      When "| medal | / | :-- | / | no |" is formatted
      Then the table is "| medal | / | :---- | / | no    |"

  Rule: Columns are as wide as they look, and at least three

    Scenario: Narrow columns
      When "| a | b | / |-|-| / | 1 | 22 |" is formatted
      Then the table is "| a   | b   | / | --- | --- | / | 1   | 22  |"

    Scenario: Wide characters take two places
      When "| city | / | --- | / | 東京都 |" is formatted
      Then the table is "| city   | / | ------ | / | 東京都 |"

  Rule: Anything but a table is refused

    Scenario: A second line without dashes
      When "| a | b | / | 1 | 2 |" is formatted
      Then it is refused with a SyntaxError
      But "a / - " becomes "| a   | / | --- |"
