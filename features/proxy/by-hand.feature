Feature: Windows worked by hand through the proxy
  Whoever opens the proxy and works a window by hand gets what a run gets: one row that sums the
  window up, and the vendor's own meters as its readings.

  Background:
    Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else

  Rule: A window's traffic is summed up when its proxy closes

    Example: Of the window that was worked, and of no other
      Given its proxy is open
      When the agent of plain asks 3 times, and the proxy is closed
      Then one rollup counts, of 3 prompts and 153 tokens in W0-01

    Example: On another day the window is worked on
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

    Example: Nobody came
      When "experiment proxy" is opened and closed
      Then no rollup is written

  Rule: What the vendor tells is the reading that nobody has captured

    Background:
      Given its vendor tells with each answer that 2 percent more of its five hours are used

    Example: Before is what is told first, after what is told last
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
      And the snapshots are 2

    Example: Where both were captured nothing is added
      Given a pane of plain shows 1 percent before "W0-01"
      And its proxy is open
      And a pane of plain shows 8 percent after "W0-01"
      When the agent of plain asks 3 times, and the proxy is closed
      Then the readings of "W0-01" say:
        | METER | BEFORE | AFTER | DELTA | FLAG |
        | 5h    | 1      | 8     | 7     |      |
      And the snapshots are 2

    Example: The window goes on in another proxy
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      And its proxy is open
      When the agent of plain asks 2 times, and the proxy is closed
      Then the readings of "W0-01" say:
        | METER | BEFORE | AFTER | DELTA | FLAG |
        | 5h    | 2      | 10    | 8     |      |
      And one before and one after of it count

    Example: What a complete window rests on stays
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      And the window "W0-01" was completed with "--provider plain --feature lru-cache --outcome pass --quality 1"
      And its proxy is open
      When the agent of plain asks 2 times, and the proxy is closed
      Then the readings of "W0-01" say:
        | METER | BEFORE | AFTER | DELTA | FLAG |
        | 5h    | 2      | 6     | 4     |      |

    Example: Told once there is no after, and a sub-agent's backend tells nothing of the plan
      Given its proxy is open
      When the agent of routed asks once, its sub-agent twice, and the proxy is closed
      Then the readings of "W0-02" say:
        | METER | BEFORE | AFTER | DELTA | FLAG          |
        | 5h    | 2      |       | null  | meter-missing |

  Rule: A replay is no work: it gives no reading and no sum

    Example: Of the window that was recorded
      Given its vendor tells with each answer that 2 percent more of its five hours are used
      And the main agent of plain has been recorded in "tape" asking by "/v1/messages"
      When the main agent of plain asks a replay of "tape" by "/v1/messages"
      Then one rollup counts, of 1 prompts and 51 tokens in W0-01
      And the snapshots are 1

  Rule: Where the vendor tells nothing, the window's capacity is what the proxy counted

    Example: From the first request to the last
      Given its proxy is open
      When the agent of plain asks 3 times, and the proxy is closed
      Then the readings of "W0-01" say:
        | METER   | BEFORE | AFTER | DELTA | FLAG |
        | prompts | 0      | 3     | 3     |      |
        | proxy   | 0      | 153   | 153   |      |

    Example: In another proxy it is counted on
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      And its proxy is open
      When the agent of plain asks 2 times, and the proxy is closed
      Then the readings of "W0-01" say:
        | METER   | BEFORE | AFTER | DELTA | FLAG |
        | prompts | 0      | 5     | 5     |      |
        | proxy   | 0      | 255   | 255   |      |
      And one before and one after of it count

    Example: Where a pane was captured the counter is no second meter
      Given a pane of plain shows 1 percent before "W0-01"
      And its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      When a pane of plain shows 8 percent after "W0-01"
      Then the readings of "W0-01" say:
        | METER | BEFORE | AFTER | DELTA | FLAG |
        | 5h    | 1      | 8     | 7     |      |
      And the snapshots are 2

    Example: What was begun by counting is counted on, also where the vendor tells another day
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      And its vendor tells with each answer that 2 percent more of its five hours are used
      And its proxy is open
      When the agent of plain asks 2 times, and the proxy is closed
      Then the readings of "W0-01" say:
        | METER   | BEFORE | AFTER | DELTA | FLAG |
        | prompts | 0      | 5     | 5     |      |
        | proxy   | 0      | 255   | 255   |      |

    Example: Its efficiency is of what was counted
      Given its proxy is open
      And the agent of plain asks 3 times, and the proxy is closed
      And the window "W0-01" was completed with "--provider plain --feature lru-cache --outcome pass --quality 1"
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "plain     prompts"

  Rule: A pane takes the place of what the vendor told

    Background:
      Given its vendor tells with each answer that 2 percent more of its five hours are used

    Example: A pane behind the proxy's end is the after
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

  Rule: Its readings keep the invariants

    Example: A reset between the two
      Given its vendor tells with each answer of another reset of its five hours
      And its proxy is open
      When the agent of plain asks 3 times, and the proxy is closed
      Then the anomalies on record are:
        | KIND          | WINDOW | TOUCHES       |
        | reset-crossed | W0-01  | before, after |

    Example: A reset a minute ago
      Given its vendor tells with each answer that its five hours were reset a minute ago
      And its proxy is open
      When the agent of plain asks 3 times, and the proxy is closed
      Then the last reading has the note "late-after"
      And the anomalies on record are:
        | KIND       | WINDOW | TOUCHES |
        | late-after | W0-01  | after   |
