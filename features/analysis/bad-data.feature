Feature: Bad data
  An impossible value is refused with its line. Too little data gets an answer that says why.

  Rule: An impossible value is refused with file, line, value and remedy

    Scenario Outline: <FAULT>
      Given a file "windows.csv" that says:
        """
        feature,replicate,provider,period,cost,quality,errors,requests,latencies_ms
        f1,1,a,1,<A>
        f1,1,b,2,<B>
        """
      When I run "experiment analyze windows.csv --baseline a"
      Then it ends with exit code 2
      And it says 'windows.csv:<LINE>: expected <EXPECTED>' on stderr
      And it prints nothing

      Examples:
        | FAULT             | A          | B            | LINE | EXPECTED                                                   |
        | NaN               | NaN,1,0,1, | 5,1,0,1,     | 2    | "cost" to be a finite number above 0, got "NaN". Write     |
        | infinity          | 5,1,0,1,   | Infinity,,,, | 3    | "cost" to be a finite number above 0, got "Infinity".      |
        | a cost of 0       | 0,1,0,1,   | 5,1,0,1,     | 2    | "cost" to be a finite number above 0, got 0.               |
        | a score above 1   | 5,1.5,0,1, | 5,1,0,1,     | 2    | "quality" to be a number from 0 to 1, got 1.5.             |
        | too many errors   | 5,1,0,1,   | 5,1,2,1,     | 3    | at most as many errors as requests, got 2 of 1.            |
        | a NaN latency     | 5,1,0,1,7  | 5,1,0,1,NaN  | 3    | "latencies_ms" to be finite numbers of 0 or more           |

    Example: The same window twice
      Given a file "windows.csv" that says:
        """
        feature,replicate,provider,period,cost
        f1,1,a,1,200
        f1,1,b,2,100
        f1,1,a,1,200
        """
      When I run "experiment analyze windows.csv --baseline a"
      Then it ends with exit code 2
      And it says 'windows.csv:4: expected one window of provider "a" for feature "f1", replicate 1, got another than on line 2.' on stderr

  Rule: Too little data has an answer that says why

    Scenario Outline: <DATA>
      Given a file "windows.csv" of the pairs "<PAIRS>"
      When I run "experiment analyze windows.csv --baseline a"
      Then it ends with exit code 0
      And it prints '<SAYS>'
      And it does not print any of:
        | NaN       |
        | undefined |
        | null      |

      Examples:
        | DATA                    | PAIRS                              | SAYS                                                               |
        | no complete pair        | AB 200 -, BA - 100                 | Cost ratio: n/a (no complete pair)                                 |
        | one pair                | AB 200 100                         | Cost ratio: n/a (n < 3)                                            |
        | two pairs               | AB 200 100, BA 300 100             | Cost ratio: 2.449 (no 95 % CI, fixed-n: n < 3)                     |
        | one order only          | AB 200 100, AB 300 100, AB 250 100 | Cost ratio: n/a (all pairs in one order)                           |
        | no variance             | AB 200 100, BA 200 100, AB 200 100 | zero_variance: The cost ratios do not vary at all                  |
        | all ties                | AB 100 100, BA 100 100, AB 100 100 | the candidate is no cheaper: 3; share at most 1.000 (95 % one-sided, fixed-n)  |
        | a pair without its half | AB 200 100, BA 300 100, AB 250 -   | incomplete: 0 without period 1, 1 without period 2                 |

    Scenario Outline: The status of <DATA>
      Given a file "windows.csv" of the pairs "<PAIRS>"
      When I run "experiment analyze windows.csv --baseline a"
      Then it ends with exit code 0
      And it prints "  Status: <STATUS>"
      And it prints "Evidence that the cost ratio is above 1: <EVIDENCE>"
      And it prints "standard stay lean"

      Examples:
        | DATA                | PAIRS                                          | STATUS        | EVIDENCE  |
        | no complete pair    | AB 200 -, BA - 100                             | no_data       | E = 1.000 |
        | one pair            | AB 200 100                                     | insufficient  | E = 1.000 |
        | a pair in each order | AB 200 100, BA 300 100                        | insufficient  | E = 1.000 |
        | two in one order    | AB 200 100, AB 300 100                         | one_sequence  | E = 1.000 |
        | costs in proportion | AB 200 100, BA 200 100, AB 200 100             | zero_variance | E = 3.548 |
        | enough              | AB 200 100, BA 300 100, AB 250 110, BA 260 100 | ok            | E = 9.462 |

    Example: No window has the requested column
      Given a file "windows.csv" of the pairs "AB 200 100, BA 300 100, AB 250 100"
      When I run "experiment analyze windows.csv --baseline a"
      Then it ends with exit code 0
      And it prints "Error rate, difference: n/a (no requests counted on both sides)"
      And it prints "p95 latency, ratio: n/a (it needs 4 features and 20 requests of each provider)"
      And it prints "Quality of the candidate ÷ the baseline's: n/a (no complete pair)"

    Example: A file without a window
      Given a file "windows.csv" that says:
        """
        feature,replicate,provider,period,cost
        """
      When I run "experiment analyze windows.csv --baseline a"
      Then it ends with exit code 2
      And it says 'got "a". Its providers: none.' on stderr
      And it prints nothing

  Rule: The same rules hold for a JSON file

    Scenario Outline: <FAULT>
      Given a file "windows.json" that says:
        """
        [{"feature": "f1", "replicate": 1, "provider": "a", "period": 1, "cost": 5},
         {"feature": "f1", "replicate": 1, "provider": "<PROVIDER>", "period": 2, "cost": <COST>}]
        """
      When I run "experiment analyze windows.json --baseline a"
      Then it ends with exit code 2
      And it says '<SAYS>' on stderr
      And it prints nothing

      Examples:
        | FAULT                   | PROVIDER | COST  | SAYS                                        |
        | NaN                     | b        | NaN   | expected                                    |
        | NaN as a text           | b        | "NaN" | "cost" to be a finite number above 0        |
        | a number beyond numbers | b        | 1e999 | "cost" to be a finite number above 0        |
        | nothing                 | b        | null  | "cost" to be a finite number above 0        |
        | a window that comes twice | a      | 5     | expected one window of provider "a"         |
