Feature: The gate
  The gate fails closed: exit code 0 means `expand`, by one seat, and nothing else.

  Rule: All three gates open it, for one seat

    Background:
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |

    Example: Cheaper, equally good, and work waits
      Given 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 0
      And it prints each of:
        | EXPAND                                                  |
        | Seat: add 1 for cheap                                   |
        | G1, enough evidence: holds                              |
        | G2, real need: holds                                    |
        | G3, good enough: holds                                  |
        | Policies: literal expand, standard expand, strict       |

    Example: Every figure is printed, each interval with its level and kind
      When I run "experiment gate"
      Then it ends with exit code 10
      And every interval on stdout is called fixed-n or anytime-valid, with its level
      And it prints each of:
        | Pairs: 7 baseline first, 7 candidate first; incomplete: 0      |
        | Ratio of totals:                                               |
        | Features in which the candidate is no cheaper: 0; share at most 0.1926 |
        | Evidence that the cost ratio is above 1: E =                   |
        | Order effect:                                                  |
        | Carry-over:                                                    |
        | sign flips p =                                                 |
        | not confirmed (needs ≥                                         |
        | Design effects of errors: 1.000 and 1.000                      |
        | Power: 1.000, at the upper limit of the spread                 |
        | Orders as assigned: p = 1.0000, E =                            |
        | streams 7\|permutation\|quality, 7\|bootstrap\|latency_p95    |
        | Thresholds: version 1, alpha 0.05, min_windows 3               |

    Example: Nothing waits
      When I run "experiment gate"
      Then it ends with exit code 10
      And it prints "STAY LEAN"
      And it prints "- backlog: A seat helps only if work waits for it: 0 ready features are blocked by capacity alone, and at least 2 are required. Record such work with experiment backlog ready FEATURE"

    Example: For CI
      When I run "experiment gate --json --junit gate.xml"
      Then it ends with exit code 10
      And the JSON has:
        | candidates.0.policies.strict | stay lean |
      And the JSON's gate file has the hash of its thresholds
      And the file "gate.xml" says '<testcase classname="cheap" name="G3"/>'
      And the file "gate.xml" says '<testcase classname="cheap" name="G2">'

  Rule: An unmet criterion keeps the gate shut, and says how many windows it needs

    Example: Too few pairs
      Given a session of 4 pairs, in which:
        | cheap | is 3 times cheaper |
      When I run "experiment gate"
      Then it ends with exit code 10
      And it prints "More windows: ≥"

    Example: A window was stopped by its own budget
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
        | cheap | is capped in its first window |
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 10
      And it prints "- capped: The cost of a window that counts is a lower bound"

    Example: There are no windows
      When I run "experiment gate"
      Then it ends with exit code 2
      And nothing is written

  Rule: A damaged ledger opens no gate

    Example: A row was changed
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
      And 2 features wait for capacity alone
      And the file "looks.jsonl" has "a look at 9 pairs instead of 2"
      When I run "experiment gate"
      Then it ends with exit code 6
      And it prints nothing

  Rule: The registered thresholds and policy decide, and others are only shown

    Background:
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
      And 2 features wait for capacity alone
      And a file "gates.yaml" that says:
        """
        version: 1
        cost_target: 4
        """

    Example: Other thresholds change neither the exit code nor the ledger
      When I run "experiment gate --gates gates.yaml"
      Then it ends with exit code 0
      And it prints each of:
        | EXPAND  [                                                                            |
        | NOT REGISTERED: STAY LEAN, policy standard. Only --allow-amended lets it decide.     |
        | both must be at least 4                                                              |
        | Thresholds: version 1, alpha 0.05, min_windows 3, min_pairs 3, ci_width_max 0.3, power_min 0.8, quality_min 0.8, cost_target 4 |
      And the ledger has 1 row of "experiments"
      And the last row of "decision_made" has:
        | is_amended | none |

    Example: The strict policy asks for more, and does not decide
      When I run "experiment gate --policy strict"
      Then it ends with exit code 0
      And it prints "NOT REGISTERED: STAY LEAN, policy strict"
      And it prints "- quality_evidence: Quality is not confirmed"

    Example: In JSON
      When I run "experiment gate --gates gates.yaml --json"
      Then it ends with exit code 0
      And the JSON's gate file has the hash of its thresholds
      And the JSON has:
        | verdict                                     | expand    |
        | gates.is_amended                            | false     |
        | not_registered.verdict                      | stay lean |
        | not_registered.gates.thresholds.cost_target | 4         |

    Example: An option lets them decide, and the first line and the row say so
      When I run "experiment gate --gates gates.yaml --allow-amended"
      Then it ends with exit code 10
      And the output begins with the line "STAY LEAN  [0123456789ab], policy standard, NOT REGISTERED but allowed by --allow-amended"
      And it prints "AMENDED after registration"
      And it prints "both must be at least 4"
      And the ledger's "experiments" ends with an amendment of "gates"
      And the last row of "decision_made" has:
        | is_amended | true |

    Example: So does a policy
      When I run "experiment gate --policy strict --allow-amended --json"
      Then it ends with exit code 10
      And the JSON's gate file has the hash of its thresholds
      And the JSON has:
        | gates.is_amended        | true   |
        | gates.thresholds.policy | strict |
      And the last row of "decision_made" has:
        | is_amended | true |

    Example: An earlier amendment decides nothing later
      Given "experiment gate --gates gates.yaml --allow-amended" has ended with exit code 10
      When I run "experiment gate"
      Then it ends with exit code 0
      And it prints "NOT REGISTERED: STAY LEAN, policy standard"
      And the last row of "decision_made" has:
        | is_amended | none |

    Example: A policy that was written into the configuration after the run
      Given a small experiment
      And its file has "name: scripted" for "name: small"
      And its file says "analysis: { policy: strict }"
      When I run "experiment gate --json"
      Then it ends with exit code 0
      And the JSON has:
        | policy                | standard |
        | not_registered.policy | strict   |

    Example: An invalid gate file
      Given a file "gates.yaml" that says:
        """
        version: 1
        cost_target: half
        """
      When I run "experiment gate --gates gates.yaml"
      Then it ends with exit code 2
      And it says 'gates.yaml:2: expected "cost_target" to be a number, got "half".' on stderr

  Rule: Amended thresholds are judged with as many candidates as were registered

    @slow
    Example: Five candidates, and an amendment that changes only the number of pairs
      Given a session of 12 pairs, in which:
        | b | is 2.06 times cheaper |
        | c | is 2.05 times cheaper |
        | d | is 2.05 times cheaper |
        | e | is 2.05 times cheaper |
        | f | is 2.05 times cheaper |
      And 2 features wait for capacity alone
      And a file "gates.yaml" that says:
        """
        version: 1
        min_pairs: 4
        """
      When I run "experiment gate --gates gates.yaml --allow-amended"
      Then it ends with exit code 10
      And it prints "b: stay lean"
      And it prints "is E = 70.23 (anytime-valid); 20 is enough for a single candidate only (Holm's method)"

  Rule: Commands in its reasons name the data folder

    Example: Recorded in another folder
      Given a small experiment
      And "experiment run --data-dir my\ data" has been run
      When I run "experiment gate --data-dir my\ data"
      Then it ends with exit code 10
      And it prints "experiment backlog ready FEATURE --data-dir 'my data' and experiment backlog block FEATURE --by capacity --data-dir 'my data'."
