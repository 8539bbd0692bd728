Feature: What holds an experiment
  Criteria look at complete pairs. A hold looks at what they leave out, and can only turn `expand` into `stay lean`.

  Rule: Nothing goes missing for free

    Example: The candidate's dear windows are missing
      Given a session of 24 pairs, in which:
        | cheap | is 3 times cheaper |
        | cheap | misses every 4th window |
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 10
      And it prints each of:
        | - missing_windows: 6 missing windows were entered at what they cost |
        | missing_windows is an obstacle:                                              |
        | Policies: literal expand, standard stay lean, strict stay lean      |

    @slow
    Example: One missing window of many does no harm
      Given a session of 40 pairs, in which:
        | cheap | is 3 times cheaper |
        | cheap | misses every 40th window |
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 0
      And it prints "missing_windows is no obstacle: 1 missing windows were entered"

    Example: The candidate needs several attempts
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
        | cheap | needs a second attempt at every window |
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 10
      And it prints each of:
        | - attempts_cost: 14 windows of the candidate were entered with the cost of all their attempts |
        | Policies: literal expand, standard stay lean                                                   |

    Example: A retry of the baseline is not the candidate's
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
        | base | needs a second attempt at every window |
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 0
      And it prints "attempts_cost is no obstacle: No window of the candidate was tried more than once."

  Rule: The strict policy asks for more

    Example: A window ran without a sandbox, and no task limits what a window can cost
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
        | cheap | works without a sandbox |
      When I run "experiment gate --policy strict --allow-amended"
      Then it ends with exit code 10
      And it prints each of:
        | - totals_evidence: The evidence on totals is not available |
        | - isolation: 14 counted windows ran without a sandbox.     |

    Example: Rare ruin needs many windows under a high cap
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
        | the tasks | may take 40000 tokens |
      When I run "experiment gate --policy strict --allow-amended"
      Then it ends with exit code 10
      And it prints "- totals_evidence: The evidence that the ratio of totals is above 2 is E = "

  Rule: Families are the unit of inference

    Example: Twenty tasks of two families are two
      Given a session of 20 pairs, in which:
        | cheap | is 3 times cheaper |
        | the tasks | belong to 2 families |
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 10
      And it prints each of:
        | - min_windows: 20 and 20 valid windows in 20 pairs of 2 families; required are 3 a provider and 3 families. |
        | Policies: literal stay lean       |

    Example: Twenty tasks of ten families are ten
      Given a session of 20 pairs, in which:
        | cheap | is 3 times cheaper |
        | the tasks | belong to 10 families |
      And 2 features wait for capacity alone
      When I run "experiment gate"
      Then it ends with exit code 0
      And it prints "Features in which the candidate is no cheaper: 0; share at most 0.2589"

  Rule: Every verdict says what it does not protect against

    Scenario Outline: Under <POLICY>
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
      When I run "experiment gate --policy <POLICY>"
      Then it ends with exit code 10
      And it prints "<SAYS>"

      Examples:
        | POLICY   | SAYS                                                      |
        | literal  | Not protected against by literal: chance                  |
        | standard | Not protected against by standard: quality, errors        |
        | strict   | Not protected against by strict: a candidate that is      |

    Example: Carry-over that replicates can't test
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
      When I run "experiment gate"
      Then it ends with exit code 10
      And it prints each of:
        | carry_over is no obstacle: Carry-over is not testable                          |
        | would have found a factor of                                                  |
        | In the first period alone the cost ratio is                                   |

    Example: Another experiment asked the same
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
      And another experiment of the ledger compared the same providers
      When I run "experiment gate --experiment 0123456789ab"
      Then it ends with exit code 10
      And it prints "multiplicity: experiment fedcba987654 compared cheap with the same baseline (no decision)"

    Example: For CI
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
      When I run "experiment gate --json"
      Then it ends with exit code 10
      And the JSON has:
        | candidates.0.holds.0.hold | missing_windows |

    Example: In the report
      Given a session of 14 pairs, in which:
        | cheap | is 3 times cheaper |
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "- Not protected against by standard: quality, errors or latency"

  Rule: Tasks of one repository may be alike

    Example: Repositories whose tasks have ratios of their own
      Given a session of 16 pairs, in which:
        | cheap | is 3 times cheaper |
        | the tasks | come from 4 repositories that differ |
      When I run "experiment gate"
      Then it ends with exit code 10
      And it prints each of:
        | Tasks by repository: repository-0 (4), repository-1 (4), repository-2 (4), repository-3 (4) |
        | by repository: 0.9                                                                          |
        | clustered                                                                                   |

    Example: Repositories whose tasks are no more alike than others
      Given a session of 16 pairs, in which:
        | cheap | is 3 times cheaper |
        | the tasks | come from 4 repositories that are alike |
      When I run "experiment gate"
      Then it ends with exit code 10
      And it prints "Intraclass correlation by repository: 0"
      And it does not print "clustered"

    Example: Two repositories are too few for a warning
      Given a session of 16 pairs, in which:
        | cheap | is 3 times cheaper |
        | the tasks | come from 2 repositories that differ |
      When I run "experiment gate"
      Then it ends with exit code 10
      And it prints "Tasks by repository: repository-0 (8), repository-1 (8)"
      And it does not print "Intraclass correlation"
