Feature: A decoder of sensor lines that takes any chunks, held out

  Background:
    Given a decoder for lines of up to 12 bytes

  Scenario: Fields keep their order, also those of one name
    Then however it is cut, `b=1,a=2,b=3⏎__proto__=1⏎` is read as {"1": [["b", "1"], ["a", "2"], ["b", "3"]], "2": [["__proto__", "1"]]}

  Scenario: Values may be empty and hold equals signs
    Then however it is cut, `a=,b==,c= ⏎` is read as {"1": {"a": "", "b": "=", "c": " "}}

  Scenario: Only the carriage return before the line feed is dropped
    Then however it is cut, `a=1␍␍⏎␍b=2⏎␍␍⏎` is read as {"1": {"a": "1\r"}, "2": {"\rb": "2"}, "3": "no value"}

  Scenario: A backslash escapes just one sign, and has to escape one
    Then however it is cut, `a=\\n\n\\\,⏎b=\\=\=⏎` is read as {"1": {"a": "\\n\n\\,"}, "2": {"b": "\\=="}}
    And however it is cut, `\n=1,\,=\==⏎` is read as {"1": {"\n": "1", ",": "=="}}
    And however it is cut, `a=1\⏎b=2\␍⏎a=\N⏎a=\😀⏎\⏎c=3⏎` is read as {"1": "bad escape", "2": "bad escape", "3": "bad escape", "4": "bad escape", "5": "bad escape", "6": {"c": "3"}}

  Scenario: The first fault of a line counts, but a bad escape comes before all
    Then however it is cut, `,=1⏎=1,a⏎a=1,⏎=1,\x⏎a,b=2⏎` is read as {"1": "no value", "2": "no key", "3": "no value", "4": "bad escape", "5": "no value"}

  Scenario: The limit is reached by the last byte
    Then however it is cut, `a=3456789012⏎a=34567890123⏎a=3456789012␍⏎` is read as {"1": {"a": "3456789012"}, "2": "too long", "3": {"a": "3456789012"}}
    And however it is cut, `a=3456789012␍␍⏎a=34567890␍2⏎a=3456789012␍3⏎` is read as {"1": "too long", "2": {"a": "34567890\r2"}, "3": "too long"}
    And however it is cut, `a=34567890123␍⏎a=3456789012␍␍␍␍⏎a=3⏎` is read as {"1": "too long", "2": "too long", "3": {"a": "3"}}

  Scenario: A line that is too long has no other fault
    Then however it is cut, `<FF>23456789012\x⏎\x⏎<FF>⏎a=1⏎` is read as {"1": "too long", "2": "bad escape", "3": "not UTF-8", "4": {"a": "1"}}

  Scenario: Characters that are cut off or too many bytes are none
    Then however it is cut, `<F0><9F><98>=1⏎<80>=1⏎<C0><80>=1⏎a=<ED><A0><80>⏎a=<F0><9F><98><80>⏎` is read as {"1": "not UTF-8", "2": "not UTF-8", "3": "not UTF-8", "4": "not UTF-8", "5": {"a": "😀"}}

  Scenario: The last line may have a fault
    Then however it is cut, `a=1⏎b` is read as {"1": {"a": "1"}, "2": "no value"}
    And however it is cut, `a=1⏎b=2\` is read as {"1": {"a": "1"}, "2": "bad escape"}
    And however it is cut, `a=1⏎b=<C3>` is read as {"1": {"a": "1"}, "2": "not UTF-8"}
    And however it is cut, `a=1⏎b=34567890123` is read as {"1": {"a": "1"}, "2": "too long"}
    And however it is cut, `a=1⏎b=2␍` is read as {"1": {"a": "1"}, "2": {"b": "2"}}

  Scenario: A stream without lines has no readings
    When the chunks `a=1`, ``, `⏎` and `⏎` arrive
    Then they give the lines "", "", "1" and ""
    And the end gives nothing

  Scenario: A long stream without a line end costs little
    When 300 chunks of 3000 letters arrive
    And the chunks `x`, `⏎a=1`, `⏎` and `` arrive
    Then they give the lines "", "1", "2" and ""
    And the end gives nothing

  Scenario: Two decoders share nothing
    When the chunks `a=1⏎b`, `=`, `2` and `` arrive
    And another decoder reads `c=3⏎`
    Then the end gives line 2, once
