Feature: Records read from comma-separated text, held out

  Rule: Lines are records and commas separate fields

    Scenario: An empty line is a record with one empty field
      When the text `a\n\nb` is read
      Then the records are [["a"],[""],["b"]]

    Scenario: An empty text has no records
      When the text `` is read
      Then the records are []
      But the text ` ` can be read

    Scenario: Empty lines at either end are records, and a comma before the end leaves a field
      Then these texts are read so:
        | TEXT         | RECORDS            |
        | `\n`         | [[""]]             |
        | `\na`        | [[""],["a"]]       |
        | `a\n\n`      | [["a"],[""]]       |
        | `a\r\n\r\n`  | [["a"],[""]]       |
        | `""`         | [[""]]             |
        | `a,b,`       | [["a","b",""]]     |
        | `a,\r\nb`    | [["a",""],["b"]]   |
        | `,`          | [["",""]]          |

    Scenario: A carriage return alone ends nothing
      Then these texts are read so:
        | TEXT         | RECORDS            |
        | `a\rb,c\r`   | [["a\rb","c\r"]]   |
        | `a\r\r\nb`   | [["a\r"],["b"]]    |

  Rule: Quotes keep a field together

    Scenario: Quotes around nothing are an empty field
      When the text `"",a,""\n` is read
      Then the records are [["","a",""]]

    Scenario: Quotes in quotes stand at either end
      Then these texts are read so:
        | TEXT           | RECORDS              |
        | `""""`         | [["\""]]             |
        | `"""a""",b`    | [["\"a\"","b"]]      |
        | `a,"b"`        | [["a","b"]]          |
        | `"a"\n"b"\r\n` | [["a"],["b"]]        |

    Scenario: Both line ends stay as they are in quotes
      When the text `"a\r\nb","c\nd"\r\n"\r"` is read
      Then the records are [["a\r\nb","c\nd"],["\r"]]

    Scenario: A quote within a plain field is an ordinary character
      Then these texts are read so:
        | TEXT         | RECORDS              |
        | `6" pipe,x`  | [["6\" pipe","x"]]   |
        | `a,b"c"`     | [["a","b\"c\""]]     |
        | ` "a",b`     | [[" \"a\"","b"]]     |

  Rule: A text that breaks the rules is refused with the line where it does

    Scenario: Something after the closing quote
      When the text `a,b\n"c"d,e` is read
      Then it is refused in line 2 with a SyntaxError
      But the text `a,b\n"c",e` can be read

    Scenario: Only a comma, a line end or the end may follow the closing quote
      Then these texts are refused:
        | TEXT         | LINE |
        | `"a" ,b`     | 1    |
        | `b,"a" `     | 1    |
        | `"a"\rb`     | 1    |
        | `"a"b"`      | 1    |
        | `"a""`       | 1    |
      But the text `"a",b` can be read

    Scenario: The line is that in which the field begins
      Then these texts are refused:
        | TEXT                     | LINE |
        | `"`                      | 1    |
        | `a,"b\nc\nd`             | 1    |
        | `"a\nb",c\n"d`           | 3    |
        | `a\n"b\nc\nd"e`          | 2    |
        | `"a\nb","c`              | 2    |
        | `a\r\nb\r\n"c`           | 3    |
        | `"a\r\nb\r\nc","d"e`     | 3    |
        | `\n\n,"`                 | 3    |
        | `a\rb\r\n"c`             | 2    |
      But the text `a\rb\r\n"c"` can be read
      And the text `"a\nb",c\n"d"` can be read

    Scenario: A refused text leaves nothing behind
      When the text `a,"b` is read
      Then it is refused in line 1 with a SyntaxError
      But these texts are read so:
        | TEXT         | RECORDS            |
        | `c`          | [["c"]]            |
