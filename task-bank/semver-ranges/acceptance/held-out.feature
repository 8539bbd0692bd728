Feature: Version ranges with right pre-releases and carets, held out

  Rule: A pre-release comes before its release

    Scenario: A long line of versions is in order
      Then these versions are in order: "0.0.1, 0.1.0-a, 0.1.0, 1.0.0-9, 1.0.0-10, 1.0.0-A, 1.0.0-a, 1.0.0-a.9.z, 1.0.0-a.10.b, 1.0.0-a-b, 1.0.0, 1.9.0, 1.10.0-x.7, 1.10.0, 2.0.0"

    Scenario: A word with digits is a word, and each place counts before the next
      Then these versions are in order: "1.0.0-2, 1.0.0-12, 1.0.0-100, 1.0.0-1a, 1.0.0-b1.0, 1.0.0-b2"
      And these versions are in order: "1.1.9, 1.2.0-a.9, 1.2.0-b.1, 1.2.0, 1.2.1, 1.2.10, 1.3.0, 2.0.0, 10.0.0"

  Rule: Ranges end before the version that they exclude

    Scenario: A tilde keeps the minor version
      Then these ranges decide:
        | RANGE  | ALLOWED           | NOT ALLOWED             |
        | ~1.2.3 | 1.2.3 1.2.9       | 1.2.2 1.3.0 2.2.3       |
        | ~1.2   | 1.2.0 1.2.9       | 1.1.9 1.3.0             |
        | ~1     | 1.0.0 1.9.9       | 0.9.9 2.0.0             |
        | ~0.0.3 | 0.0.3 0.0.9       | 0.0.2 0.1.0             |

    Scenario: A version that lacks parts stands for all that begin so
      Then these ranges decide:
        | RANGE  | ALLOWED           | NOT ALLOWED             |
        | 1.2    | 1.2.0 1.2.9       | 1.1.9 1.3.0 1.2.0-z     |
        | 1.12   | 1.12.0            | 1.1.2 1.13.0            |
        | 10     | 10.0.0            | 1.0.0 11.0.0            |
        | 0      | 0.0.0 0.0.1 0.9.9 | 1.0.0 1.2.0             |
        | 1.2.3  | 1.2.3             | 1.2.2 1.2.4 1.2.3-a     |
        | 1.2.3-a| 1.2.3-a           | 1.2.3-b 1.2.3 1.2.4     |

    Scenario: A caret before zeros
      Then these ranges decide:
        | RANGE  | ALLOWED           | NOT ALLOWED             |
        | ^0     | 0.0.0 0.0.1 0.9.9 | 1.0.0                   |
        | ^0.0   | 0.0.0 0.0.9       | 0.1.0 1.0.0             |
        | ^0.0.0 | 0.0.0             | 0.0.1 0.1.0             |
        | ^2     | 2.0.0 2.9.9       | 1.9.9 3.0.0 3.0.0-A     |
        | ^10.0.1| 10.0.1 10.9.0     | 10.0.0 11.0.0 1.0.1     |

    Scenario: Comparisons include what they say
      Then these ranges decide:
        | RANGE   | ALLOWED          | NOT ALLOWED             |
        | >1.2.3  | 1.2.4 2.0.0      | 1.2.3 1.2.2 1.2.4-a     |
        | >=1.2.3 | 1.2.3 1.2.4      | 1.2.2 1.3.0-a           |
        | <1.2.3  | 1.2.2 0.1.0      | 1.2.3 1.2.4 1.2.3-a     |
        | <=1.2.3 | 1.2.3 1.2.2      | 1.2.4 1.2.3-a           |
        | =1.2.3  | 1.2.3            | 1.2.2 1.2.4 1.2.3-a     |
        | =1.2.3-a| 1.2.3-a          | 1.2.3 1.2.3-b           |

    Scenario: Several conditions hold together, and one alternative is enough
      Then these ranges decide:
        | RANGE                    | ALLOWED           | NOT ALLOWED             |
        | >=1.2.0 <1.4.0           | 1.2.0 1.3.9       | 1.1.9 1.4.0 1.3.0-a     |
        | ^0.2.3 \|\| ~1.4.1       | 0.2.3 1.4.1 1.4.9 | 0.3.0 1.4.0 1.5.0       |
        | 1.0.0\|\|2.0.0 \|\| ^3.1 | 1.0.0 2.0.0 3.2.0 | 1.0.1 2.0.1 3.0.9 4.0.0 |
        |   ^1.0.0    <1.2.0       | 1.0.0 1.1.9       | 1.2.0 1.1.0-a           |

  Rule: A pre-release is allowed only if the range names one of the same release

    Scenario: A caret from a pre-release
      Then these ranges decide:
        | RANGE         | ALLOWED                         | NOT ALLOWED                               |
        | ^1.2.3-beta.2 | 1.2.3-beta.2 1.2.3-rc 1.2.3 1.9.0 | 1.2.3-beta.1 1.2.3-alpha 1.2.4-beta.3 2.0.0-a |
        | ^0.0.3-b      | 0.0.3-b 0.0.3-c 0.0.3           | 0.0.3-a 0.0.4-b 0.0.4                     |

    Scenario: The last condition may name the pre-release
      Then these ranges decide:
        | RANGE               | ALLOWED                 | NOT ALLOWED                          |
        | >=1.0.0 <1.4.0-rc.2 | 1.3.9 1.4.0-rc.1        | 1.4.0-rc.2 1.4.0 1.3.0-rc.1 1.0.0-rc.1 |
        | >1.4.0-rc.9         | 1.4.0-rc.10 1.4.0 1.4.1 | 1.4.0-rc.9 1.4.0-rc.8 1.4.1-rc.10    |

    Scenario: A pre-release is named in the same alternative
      Then these ranges decide:
        | RANGE                    | ALLOWED                        | NOT ALLOWED            |
        | ^1.0.0-rc.1 \|\| ^2.0.0  | 1.0.0-rc.2 1.0.0 2.0.0         | 2.0.0-rc.1 1.1.0-rc.2  |
        | >=2.0.0-b \|\| ^1.1.0    | 2.0.0-b 2.0.0-c 3.0.0 1.1.0    | 2.1.0-c 1.1.0-b        |

    Scenario: Without an allowed version there is no best one
      Then there is no best of "2.0.0, 1.0.0-rc.1, 0.9.0" for "^1.0.0"
      And there is no best of "" for "^1.0.0"
      But of "2.0.0, 1.0.0-rc.10, 1.0.0-rc.9, 1.0.0-a" the best for "^1.0.0-rc.1" is "1.0.0-rc.10"

  Rule: Any other text is refused

    Scenario: Odd versions and ranges are refused
      Then these versions are refused: "1.2, 1, v1.2.3, 1.2.3.4, 1.2.x, 1.2.3-, 1.2.3-a..b, 1.2.3-.a, 1.2.3_a, 1.2.3-a b, a.b.c, -1.2.3"
      And these ranges are refused: "^, ^x, >1.2, =1.2, 1.2-a, ^1.2-a, >1.2.3.4, 1.2., =>1.2.3, ^^1.2.3, 1.2.3 |, latest, ^1.2.3 || new"
      And an empty range is refused
      But these versions are in order: "1.2.3-0-a, 1.2.3"
