Feature: Efficiency and its interval
  A provider's efficiency is a ratio of two sums: results and use. From three features on it has Fieller's
  interval, if the data allow one.

  Rule: The efficiency has an interval

    Example: Four manual windows
      Given codex worked these windows:
        | WINDOW | FEATURE   | BEFORE | AFTER | QUALITY |
        | W0-01  | lru-cache | 0      | 20    | 1       |
        | W0-02  | queue     | 20     | 42    | 1       |
        | W0-03  | tree      | 42     | 72    | 1       |
        | W0-04  | stack     | 72     | 91    | 0.9     |
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "4.286                   3.272 to 6.350"

    Example: A session
      Given the rehearsal has been run
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints each of:
        | Features per 10⁶ tokens  Efficiency 95 % CI, fixed-n |
        | 93.52                    80.47 to 110.7              |

    Example: In the report
      Given the rehearsal has been run
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "the interval is Fieller's, fixed-n, over features"

  Rule: A missing interval is explained

    Scenario Outline: <WHY>
      Given codex worked these windows:
        | WINDOW | FEATURE   | BEFORE | AFTER   | QUALITY |
        | W0-01  | lru-cache | 0      | <FIRST> | 1       |
        | W0-02  | queue     | 20     | 42      | 1       |
        | W0-03  | <THIRD>   | 42     | <LAST>  | 1       |
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "n/a: Its 95 % CI, fixed-n: <REASON>."

      Examples:
        | WHY                            | FIRST | THIRD | LAST | REASON                                        |
        | Two features in three windows  | 20    | queue | 60   | fewer than 3 features                         |
        | A use that may as well be zero | 0     | tree  | 43   | what was used varies too much for an interval |

    Example: Nothing was used
      Given codex worked these windows:
        | WINDOW | FEATURE   | BEFORE | AFTER | QUALITY |
        | W0-01  | lru-cache | 20     | 20    | 1       |
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "n/a: Features per 100 units, Its 95 % CI, fixed-n: nothing was used."
