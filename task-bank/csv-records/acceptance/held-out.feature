Feature: Records read from comma-separated text, held out

  Rule: Lines are records and commas separate fields

    Scenario: An empty line is a record with one empty field
      When the text `a\n\nb` is read
      Then the records are [["a"],[""],["b"]]

    Scenario: A comma before the end leaves an empty field
      When the text `a,b,` is read
      Then the records are [["a","b",""]]

  Rule: Quotes keep a field together

    Scenario: Quotes around nothing are an empty field
      When the text `"",a,""\n` is read
      Then the records are [["","a",""]]

    Scenario: A quote within a plain field is an ordinary character
      When the text `6" pipe,x` is read
      Then the records are [["6\" pipe","x"]]

  Rule: A text that breaks the rules is refused with the line where it does

    Scenario: Something after the closing quote
      When the text `a,b\n"c"d,e` is read
      Then it is refused in line 2 with a SyntaxError

    Scenario: Line ends in quotes count as lines
      When the text `"a\nb",c\n"d` is read
      Then it is refused in line 3 with a SyntaxError
