Feature: The gate
  The gate fails closed: exit code 0 means `expand`, by one seat, and nothing else.

  Rule: All three gates open it, for one seat

    Background:
      Given a session of 14 pairs has had a candidate that is 3 times cheaper

    Example: Cheaper, equally good, and work waits
      Given 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 0
      And it prints each of:
        | EXPAND                                                  |
        | Add 1 seat: cheap                                       |
        | G1 holds, G2 holds, G3 holds                            |
        | Policies: literal expand, standard expand, strict       |

    Example: Every figure is printed, each interval with its level and kind
      When I run "experiment gate"
      Then it ends with exit code 10
      And every interval on stdout is called fixed-n or anytime-valid, with its level
      And it prints each of:
        | Pairs: 7 baseline first, 7 candidate first; incomplete: 0      |
        | of totals                                                      |
        | no cheaper in 0 features, share at most 0.1926                 |
        | evidence above 1 E =                                           |
        | order effect                                                   |
        | carry-over (log scale, reported only)                          |
        | sign flips p =                                                 |
        | not confirmed (needs ≥                                         |
        | design effects 1.000 and 1.000                                 |
        | Power: 1.000, at the upper limit of the spread                 |
        | Orders as assigned: p = 1.0000, E =                            |
        | streams 7\|permutation\|quality, 7\|bootstrap\|latency_p95    |
        | Thresholds: version 1, alpha 0.05, min_windows 3               |

    Example: Nothing waits
      When I run "experiment gate"
      Then it ends with exit code 10
      And it prints "STAY LEAN"
      And it prints "- backlog: 0 ready features are blocked by capacity alone; at least 2 are required"

    Example: The strict policy asks for more
      Given 2 features wait for capacity alone
      When I run "experiment gate --policy strict"
      Then it ends with exit code 10
      And it prints "- quality_evidence: Quality is not confirmed"

    Example: For CI
      When I run "experiment gate --json --junit gate.xml"
      Then it ends with exit code 10
      And the JSON's "candidates.0.policies.strict" is "stay lean"
      And the JSON's gate file has the hash of its thresholds
      And the file "gate.xml" says '<testcase classname="cheap" name="G3"/>'
      And the file "gate.xml" says '<testcase classname="cheap" name="G2">'

  Rule: An unmet criterion keeps the gate shut, and says how many windows it needs

    Example: Too few pairs
      Given a session of 4 pairs has had a candidate that is 3 times cheaper
      When I run "experiment gate"
      Then it ends with exit code 10
      And it prints "more windows."

    Example: A window was stopped by its own budget
      Given a session of 14 pairs has had a capped window of its candidate
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 10
      And it prints "- capped: A window that counts was stopped by its own budget"

    Example: There are no windows
      When I run "experiment gate"
      Then it ends with exit code 2
      And nothing is written

  Rule: A damaged ledger opens no gate

    Example: A row was changed
      Given a session of 14 pairs has had a candidate that is 3 times cheaper
      And 2 features wait for capacity alone
      And a row of "looks" was changed
      When I run "experiment gate"
      Then it ends with exit code 6
      And it prints nothing

  Rule: Other thresholds than the registered ones are an amendment

    Background:
      Given a session of 14 pairs has had a candidate that is 3 times cheaper
      And 2 features wait for capacity alone
      And a file "gates.yaml" that says:
        """
        version: 1
        cost_target: 4
        """

    Example: They decide, and they are recorded and printed
      When I run "experiment gate --gates gates.yaml"
      Then it ends with exit code 10
      And it prints "AMENDED after registration"
      And it prints "both must be at least 4"
      And the ledger's "experiments" ends with an amendment of "gates"

    Example: Their hash is another than the registered one
      When I run "experiment gate --gates gates.yaml --json"
      Then it ends with exit code 10
      And the JSON's gate file has the hash of its thresholds
      And the JSON's "gates.is_amended" is "true"
      And the JSON's "gates.thresholds.cost_target" is "4"

    Example: An invalid gate file
      Given a file "gates.yaml" that says:
        """
        version: 1
        cost_target: half
        """
      When I run "experiment gate --gates gates.yaml"
      Then it ends with exit code 2
      And it says 'gates.yaml:2: expected "cost_target" to be a number, got "half".' on stderr
