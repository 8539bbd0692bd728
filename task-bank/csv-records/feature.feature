Feature: Records read from comma-separated text
  A text has one record a line, and a record has fields with commas between them. A field
  in double quotes may hold commas, line ends and, doubled, quotes.

  Rule: Lines are records and commas separate fields

    Scenario: Plain fields
      When the text `a,b,c` is read
      Then the records are [["a","b","c"]]

    Scenario: Several lines
      When the text `a,b\nc,d` is read
      Then the records are [["a","b"],["c","d"]]

    Scenario: A line end after the last record adds nothing
      When the text `a,b\n` is read
      Then the records are [["a","b"]]

    Scenario: Lines may end as on Windows
      When the text `a,b\r\nc,d\r\n` is read
      Then the records are [["a","b"],["c","d"]]

    Scenario: Fields may be empty
      When the text `a,,c\n,b,` is read
      Then the records are [["a","","c"],["","b",""]]

    Scenario: Spaces belong to their field
      When the text ` a ,b` is read
      Then the records are [[" a ","b"]]

  Rule: Quotes keep a field together

    Scenario: A comma in quotes separates nothing
      When the text `"a,b",c` is read
      Then the records are [["a,b","c"]]

    Scenario: A doubled quote in quotes is one quote
      When the text `"say ""hi""",c` is read
      Then the records are [["say \"hi\"","c"]]

    Scenario: A line end in quotes ends nothing
      When the text `"a\nb",c\nd,e` is read
      Then the records are [["a\nb","c"],["d","e"]]

  Rule: A text that breaks the rules is refused with the line where it does

    Scenario: A quote that is never closed
      When the text `a,b\nc,"d` is read
      Then it is refused in line 2 with a SyntaxError
      But the text `a,b\nc,"d"` can be read
