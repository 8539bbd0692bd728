Feature: Manual windows through the proxy
  An operator who works on a manual window through the proxy gets the same as a run: one row that sums up
  the window, and the vendor's own meters as its readings.

  Background:
    Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else

  Rule: A window's traffic is summed up when its proxy closes

    Example: Only the window with requests gets a sum
      Given its proxy is open
      When the agent of plain asks 3 times, and the proxy is closed
      Then one rollup counts, of 3 prompts and 153 tokens in W0-01

    Example: The window continues on another day
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      And its proxy is open
      When the agent of plain asks 2 times, and the proxy is closed
      Then one rollup counts, of 5 prompts and 255 tokens in W0-01

    @spawn
    Example: Two proxies at a time
      Given two proxies of it are open in processes of their own, with ""
      And the agent of each has taken 51 tokens
      When both are closed at once
      Then one rollup counts, of 2 prompts and 102 tokens in W0-01

    Example: No request came
      When "experiment proxy" is opened and closed
      Then the ledger has 0 rows of "window_traffic_summed"

  Rule: The preview shows the window before it is completed

    Background:
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed

    Example: Among the open windows
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "Windows: 0 of 1 done"
      And it prints "153    +153        tokens"

    Example: Alone
      When I run "experiment preview --experiment manual --window W0-01"
      Then it ends with exit code 0
      And it prints "(not known yet)"

  Rule: A vendor reading replaces a missing capture

    Background:
      Given its vendor reports 2 percent more use of its five hours with each answer

    Example: The first vendor reading is the before, the last one the after
      Given its proxy is open
      When the agent of plain asks 3 times, and the proxy is closed
      Then the readings of "W0-01" say:
        | METER | BEFORE | AFTER | DELTA | FLAG |
        | 5h    | 2      | 6     | 4     |      |

    Example: A before that was captured stays the before
      Given a pane of plain shows 1 percent before "W0-01"
      And its proxy is open
      When the agent of plain asks 3 times, and the proxy is closed
      Then the readings of "W0-01" say:
        | METER | BEFORE | AFTER | DELTA | FLAG |
        | 5h    | 1      | 6     | 5     |      |
      And the ledger has 2 rows of "snapshot_taken"

    Example: With both captured nothing is added
      Given a pane of plain shows 1 percent before "W0-01"
      And its proxy is open
      And a pane of plain shows 8 percent after "W0-01"
      When the agent of plain asks 3 times, and the proxy is closed
      Then the readings of "W0-01" say:
        | METER | BEFORE | AFTER | DELTA | FLAG |
        | 5h    | 1      | 8     | 7     |      |
      And the ledger has 2 rows of "snapshot_taken"

    Example: The window continues in another proxy
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      And its proxy is open
      When the agent of plain asks 2 times, and the proxy is closed
      Then the readings of "W0-01" say:
        | METER | BEFORE | AFTER | DELTA | FLAG |
        | 5h    | 2      | 10    | 8     |      |
      And one before and one after of it count

    Example: The readings of a complete window stay
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      And the window "W0-01" was completed with "--provider plain --feature lru-cache --outcome pass --quality 1"
      And its proxy is open
      When the agent of plain asks 2 times, and the proxy is closed
      Then the readings of "W0-01" say:
        | METER | BEFORE | AFTER | DELTA | FLAG |
        | 5h    | 2      | 6     | 4     |      |

    Example: One vendor reading gives no after, and a sub-agent's backend says nothing about the plan
      Given its proxy is open
      When the agent of routed asks once, its sub-agent twice, and the proxy is closed
      Then the readings of "W0-02" say:
        | METER | BEFORE | AFTER | DELTA | FLAG          |
        | 5h    | 2      |       | null  | meter-missing |

  Rule: A replay gives no reading and no sum

    Example: The window of the recording
      Given its vendor reports 2 percent more use of its five hours with each answer
      And the main agent of plain has been recorded in "recording" asking by "/v1/messages"
      When the main agent of plain asks a replay of "recording" by "/v1/messages"
      Then one rollup counts, of 1 prompts and 51 tokens in W0-01
      And the ledger has 1 row of "snapshot_taken"

  Rule: Without a vendor reading, the proxy's count is the window's capacity

    Example: From the first request to the last
      Given its proxy is open
      When the agent of plain asks 3 times, and the proxy is closed
      Then the readings of "W0-01" say:
        | METER   | BEFORE | AFTER | DELTA | FLAG |
        | prompts | 0      | 3     | 3     |      |
        | proxy   | 0      | 153   | 153   |      |

    Example: Another proxy continues the count
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      And its proxy is open
      When the agent of plain asks 2 times, and the proxy is closed
      Then the readings of "W0-01" say:
        | METER   | BEFORE | AFTER | DELTA | FLAG |
        | prompts | 0      | 5     | 5     |      |
        | proxy   | 0      | 255   | 255   |      |
      And one before and one after of it count

    Example: With a captured pane the counter is not a second meter
      Given a pane of plain shows 1 percent before "W0-01"
      And its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      When a pane of plain shows 8 percent after "W0-01"
      Then the readings of "W0-01" say:
        | METER | BEFORE | AFTER | DELTA | FLAG |
        | 5h    | 1      | 8     | 7     |      |
      And the ledger has 2 rows of "snapshot_taken"

    Example: A begun count continues, even if the vendor reports on another day
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      And its vendor reports 2 percent more use of its five hours with each answer
      And its proxy is open
      When the agent of plain asks 2 times, and the proxy is closed
      Then the readings of "W0-01" say:
        | METER   | BEFORE | AFTER | DELTA | FLAG |
        | prompts | 0      | 5     | 5     |      |
        | proxy   | 0      | 255   | 255   |      |

    Example: The efficiency uses the count
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      And the window "W0-01" was completed with "--provider plain --feature lru-cache --outcome pass --quality 1"
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "plain     prompts"

  Rule: A pane replaces the vendor reading

    Background:
      Given its vendor reports 2 percent more use of its five hours with each answer

    Example: A pane after the end of the proxy is the after
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      When a pane of plain shows 7 percent after "W0-01"
      Then it ends with exit code 0
      And the readings of "W0-01" say:
        | METER | BEFORE | AFTER | DELTA | FLAG |
        | 5h    | 2      | 7     | 5     |      |

    Example: A second pane is a second reading
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      And a pane of plain shows 7 percent after "W0-01"
      When a pane of plain shows 8 percent after "W0-01"
      Then it ends with exit code 3
      And it says 'expected one "after", got a second one' on stderr

    Example: Once there is an after, no pane is the before
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      When a pane of plain shows 3 percent before "W0-01"
      Then it ends with exit code 3
      And it says 'expected one "before", got a second one' on stderr

  Rule: Vendor readings obey the invariants

    Example: A reset between the two
      Given its vendor reports another reset of its five hours with each answer
      And its proxy is open
      When the agent of plain asks 3 times, and the proxy is closed
      Then the anomalies on record are:
        | KIND          | WINDOW | TOUCHES       |
        | reset-crossed | W0-01  | before, after |

    Example: A reset a minute ago
      Given its vendor reports a reset of its five hours a minute ago with each answer
      And its proxy is open
      When the agent of plain asks 3 times, and the proxy is closed
      Then the last row of "snapshot_taken" has:
        | notes | …late-after… |
      And the anomalies on record are:
        | KIND       | WINDOW | TOUCHES |
        | late-after | W0-01  | after   |
