Feature: The statistics on your own data
  Windows that were measured elsewhere get the same analysis as those of an experiment.

  Rule: A file of windows gets the whole analysis

    Background:
      Given a file "windows.csv" of 12 pairs whose candidate needs a third

    Example: As text
      When I run "experiment analyze windows.csv --baseline claude"
      Then it ends with exit code 0
      And it prints each of:
        | Pairs: 6 baseline first, 6 candidate first; incomplete: 0 |
        | Features: 12                                            |
        | Cost ratio: 2.823 (95 % CI 2.703 to 2.948, fixed-n)     |
        | Ratio of totals:                                        |
        | Features in which the candidate is no cheaper: 0; share at most 0.2209 |
        | Order effect:                                           |
        | Carry-over:                                             |
        | Quality of at least 0.8 of the baseline's: t p          |
        | p95 latency, ratio:                                     |
        | Orders as assigned: p = 1.0000                          |
        | Policies: literal stay lean, standard stay lean, strict stay lean |
        | streams 1\|permutation\|quality, 1\|bootstrap\|latency_p95 |

    Scenario Outline: The interval of the p95 latency is of the same quantity with <PAIRS> features
      Given a file "few.csv" of <PAIRS> pairs whose candidate needs a third
      When I run "experiment analyze few.csv --baseline claude"
      Then it ends with exit code 0
      And it prints "<SAYS>"

      Examples:
        | PAIRS | SAYS                                                               |
        | 3     | p95 latency, ratio: n/a (it needs 4 features and 20 requests       |
        | 7     | Interval of the p95 latency: bootstrap by feature                  |
        | 12    | Sensitivity, the typical feature's own ratio:                      |

    Example: Every interval says its level and when it holds
      When I run "experiment analyze windows.csv --baseline claude"
      Then it ends with exit code 0
      And every interval on stdout is called fixed-n or anytime-valid, with its level

    Example: As JSON, with the names of the specification
      When I run "experiment analyze windows.csv --baseline claude --json"
      Then it ends with exit code 0
      And the JSON has:
        | candidates.0.cost.crossover.ratioCi95Lower              | a number |
        | candidates.0.cost.rounds.ciWidthRel                     | a number |
        | candidates.0.cost.unadjusted.totalsLogSeJackknife       | a number |
        | candidates.0.cost.evidenceAgainstTarget.final.cs95Lower | a number |
        | candidates.0.quality.contrastTPeriodAdjusted.pGreater   | a number |
        | candidates.0.errors.miettinenNurminen90.0               | a number |
        | candidates.0.latency.decisionRatioCi.1                  | a number |
        | candidates.0.power.powerConservative                    | a number |
        | candidates.0.projection.extraWindows                    | a number |
        | candidates.0.allocation.logE                            | a number |

    Example: The same windows as a JSON array
      Given the same windows as "windows.json"
      And what "experiment analyze windows.csv --baseline claude --json" prints
      When I run "experiment analyze windows.json --baseline claude --json"
      Then it ends with exit code 0
      And it prints the same as before

    Example: Another seed draws other resamples and the same estimates
      When I run "experiment analyze windows.csv --baseline claude --seed 2"
      Then it ends with exit code 0
      And it prints "Cost ratio: 2.823"
      And it prints "Seed 2; streams 2|permutation|quality"

  Rule: The baseline is one of the file's providers

    Background:
      Given a file "windows.csv" of 12 pairs whose candidate needs a third

    Example: It is not in the file
      When I run "experiment analyze windows.csv --baseline gemini"
      Then it ends with exit code 2
      And it says 'got "gemini". Its providers: claude, glm.' on stderr
      And nothing is written

    Example: There is no other provider to compare
      Given a file "windows.csv" that says:
        """
        feature,replicate,provider,period,cost
        f1,1,claude,1,200
        """
      When I run "experiment analyze windows.csv --baseline claude"
      Then it ends with exit code 2
      And it says "expected windows of another provider than the baseline" on stderr
