Feature: Every source of a window side by side
  A window counts by the proxy, otherwise by its session log. Every other source is compared with that one, in
  what both of them cover.

  Rule: Sources are compared in what both cover

    Example: A result that agrees with the session log
      Given a log of claude-session:
        """
        claude m1 100 50, sidechain m2 30 10
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And the result of claude says 130 and 60, and was ingested for "W0-07"
      When I run "experiment reconcile --window W0-07"
      Then it ends with exit code 0
      And it prints "W0-07 (claude): it counts by claude-session."
      And it prints "claude-result   0.0 %"

    Example: A source that leaves sub-agents out
      Given a log of codex-rollout:
        """
        codex 100 50
        """
      And it was ingested as "codex-rollout" with "--window W0-07"
      And a log with "subagent, codex 1000 500" was piped to "experiment ingest codex-rollout --stdin --window W0-07"
      And a log with "thread t1 100 50" was piped to "experiment ingest codex-exec --stdin --window W0-07"
      When I run "experiment reconcile --window W0-07"
      Then it ends with exit code 0
      And it prints "codex-exec leaves sub-agents out: only the main agent is compared."

    Example: A result without the usage of its models has the main agent only
      Given a log of claude-session:
        """
        claude m1 100 50, sidechain m2 1000 500
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And the result of claude says 100 and 50 of the main agent, and was ingested for "W0-07"
      When I run "experiment reconcile --window W0-07"
      Then it ends with exit code 0
      And it prints "claude-result   0.0 %"
      And it prints "claude-result leaves sub-agents out: only the main agent is compared."

    Example: Telemetry that does not tell sub-agents apart is not compared with codex exec
      Given a log with "thread t1 100 10" was piped to "experiment ingest codex-exec --stdin --window W0-07"
      And the exports "codex 100 10; codex 1000 20" were ingested with "--window W0-07"
      When I run "experiment reconcile --window W0-07"
      Then it ends with exit code 0
      And it prints "W0-07 (codex): it counts by otlp."
      And it prints "codex-exec  not compared"
      And it prints "codex-exec and otlp cover different agents: they are not compared."

    Example: Without a log, the source that has sub-agents counts
      Given a log with "thread t1 100 10" was piped to "experiment ingest codex-exec --stdin --window W0-07"
      And the exports "codex 100 10; codex 1000 20" were ingested with "--window W0-07"
      When I run "experiment reconcile --window W0-07 --json"
      Then it ends with exit code 0
      And the JSON has:
        | 0.reference                 | otlp |
        | 0.sources.1.comparison.lane | null |

    Scenario Outline: Telemetry <HOW>
      Given a log of claude-session:
        """
        claude m1 10 50 cached 990
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And telemetry with "<MEMBERS>" was ingested for "W0-07"
      When I run "experiment reconcile --window W0-07"
      Then it ends with exit code <CODE>
      And it prints "proxy-telemetry  <SAID>"
      And it prints "<NOTE>"

      Examples:
        | HOW                          | MEMBERS                                                        | CODE | SAID              | NOTE                                                                               |
        | that does not divide input   | prompt_tokens 1000, completion_tokens 50                       | 0    | 0.0 %             | proxy-telemetry does not divide its input: input and cache are compared as one sum. |
        | with another sum of input    | prompt_tokens 500, completion_tokens 50                        | 1    | -47.6 % DIVERGENT | proxy-telemetry does not divide its input: input and cache are compared as one sum. |
        | that divides its input       | prompt_tokens 10, completion_tokens 50, input_uncached 10, output 50 | 0    | 0.0 %             | W0-07 (claude): it counts by claude-session.                                       |

  Rule: More than 10 % of the larger count is divergent, and both counts are shown

    Scenario Outline: A result of <INPUT> tokens and a log of 100
      Given a log of claude-session:
        """
        claude m1 100 0
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And the result of claude says <INPUT> and 0, and was ingested for "W0-07"
      When I run "experiment reconcile --window W0-07"
      Then it ends with exit code <CODE>
      And it prints "<SAID>"

      Examples:
        | INPUT | CODE | SAID                 |
        | 90    | 0    | claude-result   -10  |
        | 89    | 1    | -11.0 % DIVERGENT    |
        | 111   | 0    | claude-result   +9.9 |
        | 112   | 1    | +10.7 % DIVERGENT    |

    Example: The window that it affects is marked
      Given a log of codex-rollout:
        """
        codex 100 50
        """
      And it was ingested as "codex-rollout" with "--window W0-07"
      And a log with "thread t1 200 50" was piped to "experiment ingest codex-exec --stdin --window W0-07"
      When I run "experiment reconcile"
      Then it ends with exit code 1
      And one row of "anomaly_recorded" has:
        | kind   | divergent:codex-exec |
        | window | W0-07                |

    Example: The preview shows both counts
      Given a log of codex-rollout:
        """
        codex 100 50
        """
      And it was ingested as "codex-rollout" with "--window W0-07"
      And a log with "thread t1 200 50" was piped to "experiment ingest codex-exec --stdin --window W0-07"
      And "experiment reconcile" has ended with exit code 1
      When I run "experiment preview --experiment manual"
      Then it prints "W0-07: codex-rollout counted 150 tokens of the main agent, codex-exec reported 250"

  Rule: An unknown window is an error

    Scenario Outline: <COMMAND>
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it was ingested as "claude-session" with "--window W0-07"
      When I run "experiment <COMMAND>"
      Then it ends with exit code 2
      And it says "W9-99: expected a manual window or one of the last experiment, got one that no row names." on stderr

      Examples:
        | COMMAND                          |
        | reconcile --window W9-99         |
        | reconcile --window W9-99 --json  |
        | audit --window W9-99             |

    Example: A window that has a reading and no tokens is known
      Given codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      When I run "experiment reconcile --window W0-07"
      Then it ends with exit code 0
      And it prints "No window has a count of tokens."

    @spawn
    Example: A window of a run that has not ended is known
      Given a small experiment
      And it has been run with "--overall-token-budget 0"
      When I run "experiment reconcile --window W0-01"
      Then it ends with exit code 0
      And it prints "No window has a count of tokens."

  Rule: Verdicts name the source that a window counts by

    Background:
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And "experiment complete --window W0-07 --provider claude --feature lru-cache --outcome pass" has been run

    Example: The audit
      When I run "experiment audit --window W0-07"
      Then it ends with exit code 1
      And it prints "  tokens: 150, counted by claude-session"

    Example: The JSON of the audit
      When I run "experiment audit --window W0-07 --json"
      Then it ends with exit code 1
      And the JSON has:
        | 0.tokens_by | claude-session |

    Example: The completion
      When I run "experiment complete --window W0-07 --provider claude --feature lru-cache --outcome fail"
      Then it ends with exit code 0
      And it prints "  tokens: 150, counted by claude-session"

    Example: The JSON of the completion
      When I run "experiment complete --window W0-07 --provider claude --feature lru-cache --outcome fail --json"
      Then it ends with exit code 0
      And the JSON has:
        | tokens_by | claude-session |

    Example: A window without tokens
      When I run "experiment complete --window W0-08 --provider claude --feature queue --outcome pass"
      Then it ends with exit code 0
      And it prints "  tokens: unknown, no source has any"

  Rule: A divergence is that of today

    Background:
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And the result of claude says 250 and 50, and was ingested for "W0-07"

    Scenario Outline: <COMMAND> shows it before "reconcile" has run
      When I run "experiment <COMMAND>"
      Then it ends with exit code <CODE>
      And it prints "<SAID>"

      Examples:
        | COMMAND                                                | CODE | SAID                                                                                    |
        | preview --experiment manual                            | 0    | W0-07: claude-session counted 150 tokens, claude-result reported 300                    |
        | audit --window W0-07                                   | 1    | divergent:claude-result: claude-session counted 150 tokens, claude-result reported 300; input 100 and 250. |
        | preview --experiment manual --explain anomalies --json | 0    | divergent:claude-result                                                                 |
        | report --experiment manual --json                      | 0    | claude-session counted 150 tokens, claude-result reported 300; input 100 and 250. |

    Scenario Outline: <COMMAND> no longer shows it when the rest of the log was read
      Given "experiment reconcile" has ended with exit code 1
      And the log has grown by "claude m2 150 0" and was ingested again
      When I run "experiment <COMMAND>"
      Then it ends with exit code <CODE>
      And it does not print "150 tokens"
      And it does not print "divergent:"

      Examples:
        | COMMAND                                                | CODE |
        | reconcile                                              | 0    |
        | preview --experiment manual                            | 0    |
        | audit --window W0-07                                   | 1    |
        | preview --experiment manual --explain anomalies --json | 0    |
        | report --experiment manual --json                      | 0    |

    Example: It is gone when one of its counts is undone
      Given "experiment reconcile" has ended with exit code 1
      And the last row of "usage" was undone
      When I run "experiment preview --experiment manual"
      Then it prints "Anomalies: 0"
      And it does not print "claude-result"

    Example: A window and a source have one line, with the counts of today
      Given "experiment reconcile" has ended with exit code 1
      And the log has grown by "claude m2 750 0" and was ingested again
      And "experiment reconcile" has ended with exit code 1
      When I run "experiment preview --experiment manual"
      Then it prints "W0-07: claude-session counted 900 tokens, claude-result reported 300"
      And it does not print "150 tokens"

    Example: The row of a completed window names what differs
      Given "experiment complete --window W0-07 --provider claude --feature lru-cache --outcome pass" has been run
      When I run "experiment preview --experiment manual --window W0-07"
      Then it prints "† 2 divergent:claude-result: claude-session counted 150 tokens, claude-result reported 300; input 100 and 250."

  Rule: A window that was completed counts what its sources said then

    Background:
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And "experiment complete --window W0-07 --provider claude --feature lru-cache --outcome pass" has been run

    Scenario Outline: <COMMAND> says that its log has more now
      Given the log has grown by "claude m2 30 10" and was ingested again
      When I run "experiment <COMMAND>"
      Then it ends with exit code <CODE>
      And it prints "Complete W0-07 (claude) again: it counts 150 tokens, and claude-session has 190 now."

      Examples:
        | COMMAND                     | CODE |
        | audit --window W0-07        | 1    |
        | preview --experiment manual | 0    |
        | preview --window W0-07      | 0    |

    Example: The command that reads more of its log says so
      When the log has grown by "claude m2 30 10" and is ingested again
      Then it ends with exit code 0
      And it prints "Complete W0-07 (claude) again: it counts 150 tokens, and claude-session has 190 now."

    Example: Its log was undone
      Given the last row of "usage" was undone
      When I run "experiment preview --experiment manual"
      Then it prints "Complete W0-07 (claude) again: it counts 150 tokens, and no source has any now."

    Example: It was completed again
      Given the log has grown by "claude m2 30 10" and was ingested again
      And "experiment complete --window W0-07 --provider claude --feature lru-cache --outcome pass" has been run
      When I run "experiment preview --experiment manual"
      Then it does not print "again"

  Rule: Meters are shown, and compared with nothing

    Example: A window with readings and a log
      Given codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      And codex was read after "W0-07" at "11:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |
      And a log of codex-rollout:
        """
        codex 100 50
        """
      And it was ingested as "codex-rollout" with "--window W0-07"
      When I run "experiment reconcile"
      Then it prints "meter 5h +6 percent, which is not compared"
