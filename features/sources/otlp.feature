Feature: Receiving what agents send by OpenTelemetry
  Claude Code and Codex send what they use to an address of this machine. An agent describes the same tokens by
  requests and by counters. Every use counts once.

  Rule: Every use counts once

    Scenario Outline: <WHAT>
      Given a receiver of OpenTelemetry with "--window W0-07"
      When an agent sends "<EXPORTS>"
      And the receiver is ended by Ctrl-C
      Then it ends with exit code 0
      And OpenTelemetry says that <PROVIDER> used <INPUT> of input and <OUTPUT> of output in "W0-07"

      Examples:
        | WHAT                                    | EXPORTS                                                | PROVIDER | INPUT | OUTPUT |
        | Two requests                            | request r1 100 50; request r2 30 10                    | claude   | 130   | 60     |
        | A request that is sent twice            | request r1 100 50; request r1 100 50                   | claude   | 100   | 50     |
        | A sub-agent                             | request r1 100 50; subagent r2 30 10                   | claude   | 130   | 60     |
        | Requests, then counters                 | request r1 100 50; growth 1 100 50                     | claude   | 100   | 50     |
        | Counters, then requests                 | growth 1 100 50; request r1 100 50                     | claude   | 100   | 50     |
        | Counters only, as growth                | growth 1 100 50; growth 2 30 10                        | claude   | 130   | 60     |
        | Growth that is sent twice               | growth 1 100 50; growth 2 30 10; growth 1 100 50       | claude   | 130   | 60     |
        | Counters only, as totals                | total 1 100 50; total 2 130 60                         | claude   | 130   | 60     |
        | An older total that is sent again       | total 1 100 50; total 2 130 60; total 1 100 50         | claude   | 130   | 60     |
        | Growth after an older total             | total 2 130 60; total 1 100 50; total 3 140 65         | claude   | 140   | 65     |
        | A total that starts again               | total 1 100 50; restarted 2 30 10                      | claude   | 130   | 60     |
        | Totals that do not say when they began  | unstarted 1 100 50; unstarted 2 150 80                 | claude   | 50    | 30     |
        | An export of nothing                    | nothing; request r1 100 50                             | claude   | 100   | 50     |
        | Answers of Codex, one of them cached    | codex 100 50; codex 30 10 cached 20                    | codex    | 110   | 60     |
        | An answer of Codex that is sent twice   | codex 100 50; codex 100 50                             | codex    | 100   | 50     |

    Example: Protobuf in gzip
      Given a receiver of OpenTelemetry with "--window W0-07"
      When an agent sends "request r1 100 50; total 1 100 50" as protobuf in gzip
      And the receiver is ended by Ctrl-C
      Then it ends with exit code 0
      And OpenTelemetry says that claude used 100 of input and 50 of output in "W0-07"

    Example: The receiver says what counts in the end
      Given a receiver of OpenTelemetry with "--window W0-07"
      When an agent sends "growth 1 100 50; request r1 100 50"
      And the receiver is ended by Ctrl-C
      Then it prints "W0-07 (claude)  main  claude-sonnet-4-5  1       150"

    Example: Requests and growth in different files
      Given the exports "growth 1 100 50" were ingested with "--window W0-07"
      When the exports "request r1 100 50" are ingested with "--window W0-07"
      Then it ends with exit code 0
      And OpenTelemetry says that claude used 100 of input and 50 of output in "W0-07"

    Scenario Outline: <WHAT>, recorded in one file
      When the exports "<EXPORTS>" are ingested with "--window W0-07"
      Then it ends with exit code <CODE>
      And OpenTelemetry says that claude used <INPUT> of input and <OUTPUT> of output in "W0-07"

      Examples:
        | WHAT                                    | EXPORTS                                                                      | CODE | INPUT | OUTPUT |
        | Totals that do not say when they began  | unstarted 1 100 50; unstarted 2 130 60; unstarted 3 150 80                   | 0    | 50    | 30     |
        | Such totals that fall                   | unstarted 1 100 50; unstarted 2 150 80; unstarted 3 50 20; unstarted 4 80 30 | 1    | 80    | 40     |

    Scenario Outline: <WHAT>, after totals that fell
      Given the exports "unstarted 1 100 50; unstarted 2 150 80; unstarted 3 50 20; unstarted 4 80 30" are ingested with "--window W0-07"
      And it prints "total-fell: "
      When the exports "<EXPORTS>" are ingested with "--window W0-07"
      Then OpenTelemetry says that claude used <INPUT> of input and <OUTPUT> of output in "W0-07"

      Examples:
        | WHAT            | EXPORTS                                                                      | INPUT | OUTPUT |
        | The same file   | unstarted 1 100 50; unstarted 2 150 80; unstarted 3 50 20; unstarted 4 80 30 | 80    | 40     |
        | A later total   | unstarted 5 120 40                                                           | 120   | 50     |

    Example: The same file again
      Given the exports "request r1 100 50; codex 100 50; total 1 7 7" were ingested with "--window W0-07"
      When the exports "request r1 100 50; codex 100 50; total 1 7 7" are ingested with "--window W0-07"
      Then it prints "Nothing new: nothing was written."

  Rule: By time, an export belongs to a window of its own agent

    Example: A window that is opened while the receiver waits
      Given a receiver of OpenTelemetry with "--by-time"
      And codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      When an agent sends "codex 100 50; request r1 100 50"
      And the receiver is ended by Ctrl-C
      Then it prints "W0-07 (codex)"
      And it prints "none (no-window)"

    Example: A counter that grew in two windows
      Given "experiment override --window W0-01 --provider claude --phase before --reading 5h=1 --at 2025-10-19T10:30:00Z" has been run
      And "experiment override --window W0-01 --provider claude --phase after --reading 5h=2 --at 2025-10-19T10:31:30Z" has been run
      And "experiment override --window W0-02 --provider claude --phase before --reading 5h=2 --at 2025-10-19T10:31:40Z" has been run
      When the exports "total 30 60 20; total 60 100 50; total 120 250 70" are ingested with "--by-time"
      Then OpenTelemetry says that claude used 100 of input and 50 of output in "W0-01"
      And OpenTelemetry says that claude used 150 of input and 20 of output in "W0-02"

    Example: A counter that continues after it was read in two windows
      Given "experiment override --window W0-01 --provider claude --phase before --reading 5h=1 --at 2025-10-19T10:30:00Z" has been run
      And "experiment override --window W0-01 --provider claude --phase after --reading 5h=2 --at 2025-10-19T10:31:30Z" has been run
      And "experiment override --window W0-02 --provider claude --phase before --reading 5h=2 --at 2025-10-19T10:31:40Z" has been run
      And the exports "total 30 0 20" were ingested with "--by-time"
      And the exports "total 30 0 20; total 60 100 50; total 120 250 70" were ingested with "--by-time"
      When the exports "total 120 250 70; total 180 300 70; total 60 100 50" are ingested with "--by-time"
      Then OpenTelemetry says that claude used 200 of input and 20 of output in "W0-02"

  Rule: The sources of a window are compared

    Example: A session log and telemetry
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And the exports "request r1 100 20" were ingested with "--window W0-07"
      When I run "experiment reconcile --window W0-07"
      Then it ends with exit code 1
      And it prints "W0-07 (claude): it counts by claude-session."
      And it prints "-20.0 % DIVERGENT"

  Rule: A request that can't be read is refused by name, and the rest counts

    Scenario Outline: <FAULT>
      Given a receiver of OpenTelemetry with "--window W0-07"
      When an agent sends <FAULT>
      And an agent sends "request r1 100 50"
      And the receiver is ended by Ctrl-C
      Then <STATUS> and "<REASON>" were the answer to what can't be read
      And it ends with exit code 1
      And OpenTelemetry says that claude used 100 of input and 50 of output in "W0-07"

      Examples:
        | FAULT                              | STATUS | REASON                                            |
        | plain text                         | 415    | content-type: expected application/json           |
        | an encoding that nobody knows      | 415    | content-encoding: expected identity or gzip       |
        | half an export in protobuf         | 400    | protobuf: expected an export of logs in protobuf  |
        | half an export in JSON             | 400    | json: expected an export in JSON                  |
        | a list in JSON                     | 400    | json: expected an export in JSON                  |
        | JSON that is called gzip           | 400    | gzip: expected a body in gzip                     |
        | a small gzip of many zeros         | 413    | too-large: expected at most 16777216 bytes        |
        | traces                             | 404    | path: expected /v1/logs or /v1/metrics            |

    Example: Counters that are neither growth nor totals
      When the exports "vague 1 100 50; request r1 30 10" are ingested with "--window W0-07"
      Then it ends with exit code 1
      And it prints "no-temporality: 2 lines not read, first in"
      And OpenTelemetry says that claude used 30 of input and 10 of output in "W0-07"

    Example: A port of another program
      When a receiver of OpenTelemetry is started on a port of another program
      Then it ends with exit code 2
      And it says "is in use. Name another port after --listen, or 127.0.0.1:0 for a free one." on stderr

    Scenario Outline: The address <ADDRESS>
      When I run "experiment ingest <SOURCE> --listen <ADDRESS> --window W0-07"
      Then it ends with exit code 2
      And it says "<SAYS>" on stderr

      Examples:
        | SOURCE        | ADDRESS         | SAYS                                           |
        | otlp          | 0.0.0.0:4318    | --listen: expected a port of this machine      |
        | otlp          | 127.0.0.1:70000 | --listen: expected a port of this machine      |
        | codex-rollout | 127.0.0.1:4318  | --listen: expected the source otlp             |

  Rule: An open proxy gives telemetry to the window of its key

    Scenario Outline: An agent on the proxy that sends <EXPORTS>
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its file has "name: routed, telemetry: otlp" for "name: routed"
      And its proxy is open
      When the agent of plain asks once and sends "<EXPORTS>", and the proxy is closed
      Then the proxy says "<ABSENT>" of W0-01
      And the reconciliation of "W0-01" prints "<SAYS>"

      Examples:
        | EXPORTS                            | ABSENT                  | SAYS                |
        | request r1 10 41                   | nothing                 | otlp    0.0 %       |
        | request r1 10 41; request r1 10 41 | nothing                 | otlp    0.0 %       |
        | total 1 10 41; request r1 10 41    | nothing                 | otlp    0.0 %       |
        | request r1 10 20                   | nothing                 | -41.2 % DIVERGENT   |
        | nothing                            | no OpenTelemetry came   | proxy   counts      |

    Scenario Outline: The proxy says how <CLIENT> sends it
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its file has "name: routed, telemetry: otlp" for "name: routed"
      And its file has "plain: { driver: <DRIVER>" for "plain: { driver: builtin-agent"
      When "experiment proxy --provider plain --window W0-01" is opened and closed
      Then it prints "<HEAD>"
      And it prints '<SETTING>'
      And it does not print "<OTHER>"

      Examples:
        | CLIENT        | DRIVER        | HEAD                                                   | SETTING                             | OTHER                        |
        | Claude Code   | claude-code   | Set CLAUDE_CODE_ENABLE_TELEMETRY=1                     | plain by OpenTelemetry: http://     | [otel]                       |
        | Codex         | codex         | Write into the config.toml of each Codex               | /otlp/v1/logs", protocol = "json"   | CLAUDE_CODE_ENABLE_TELEMETRY |
        | another agent | builtin-agent | The proxy reads only OpenTelemetry of Claude Code and Codex   | plain by OpenTelemetry: http:// | CLAUDE_CODE_ENABLE_TELEMETRY |

    @spawn @slow
    Example: Claude Code that a user starts
      Given Claude Code is installed
      And a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "claude-code" providers on that server
      And its file says "telemetry: otlp"
      When a user starts Claude Code at the addresses of "one", and the proxy is closed
      Then the proxy says "nothing" of W0-01
      And the reconciliation of "W0-01" prints "otlp    0.0 %"

  Rule: A run compares what its agents send with the proxy's count

    @spawn
    Scenario Outline: An agent that <DOES>
      Given a "claude" on the PATH that <DOES>
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      And its file says "telemetry: otlp"
      When I run "experiment run"
      Then it ends with exit code 0
      And the first window has the anomalies "<ANOMALIES>"
      And the audit of "W0-01" prints "<SAYS>"

      Examples:
        | DOES                                  | ANOMALIES      | SAYS                                    |
        | sends the tokens that it took twice   | none           | otlp: 130 tokens; the proxy counted 130 |
        | sends half of the tokens that it took | divergent:otlp | otlp: 65 tokens; the proxy counted 130  |

      @slow
      Examples:
        | DOES                                  | ANOMALIES      | SAYS                                    |
        | sends the tokens that it took         | none           | otlp: 130 tokens; the proxy counted 130 |
        | sends a mess                          | none           | otlp: nothing came, which does not fail |
        | asks the model twice and exits with 0 | none           | otlp: nothing came, which does not fail |

    Example: The plan shows the address
      Given a "claude" on the PATH that never asks the model
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      And its file says "telemetry: otlp"
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:<port>/w/<key>/otlp"

    @spawn @slow
    Example: The report says how many windows had it
      Given a "claude" on the PATH that sends the tokens that it took
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      And its file says "telemetry: otlp"
      And it has been run to its end
      When I run "experiment report"
      Then the report says "OpenTelemetry of 1 of 2 windows was compared with the proxy's count."

    @spawn @slow
    Example: Without telemetry nothing is received
      Given a "claude" on the PATH that sends the tokens that it took
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And every window has:
        | telemetry_usage | none |

    @spawn @slow
    Scenario Outline: <TITLE> in a run, reached by <VIA>
      Given <TITLE> is installed
      And a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "<DRIVER>" providers on that server
      And its file has:
        | providers.*.via | <VIA> |
      And its file says "telemetry: otlp"
      When I run "experiment run --seed 42"
      Then OpenTelemetry says of every window what the proxy counted

      Examples:
        | TITLE       | DRIVER      | VIA      |
        | Claude Code | claude-code | base-url |
        | Claude Code | claude-code | mitm     |
        | Codex       | codex       | base-url |
        | Codex       | codex       | mitm     |

  Rule: The real clients send the tokens that the model server dealt

    @spawn @slow
    Scenario Outline: Claude Code sends <SIGNALS> as <FORMAT>, <TEMPORALITY>
      Given Claude Code is installed
      And a model server that keeps count of what it deals
      And a receiver of OpenTelemetry with "--window W0-07"
      When a user lets Claude Code send <SIGNALS> as <FORMAT>, <TEMPORALITY>
      And the receiver is ended by Ctrl-C
      Then it ends with exit code 0
      And OpenTelemetry says of claude in "W0-07" the very tokens that the server dealt

      Examples:
        | SIGNALS          | FORMAT        | TEMPORALITY |
        | logs and metrics | http/json     | delta       |
        | logs and metrics | http/protobuf | cumulative  |
        | logs             | http/protobuf | delta       |
        | metrics          | http/json     | cumulative  |
        | metrics          | http/protobuf | delta       |

    @spawn @slow
    Scenario Outline: Codex sends logs as <FORMAT>
      Given Codex is installed
      And a model server that keeps count of what it deals
      And a receiver of OpenTelemetry with "--window W0-07"
      When a user lets Codex send logs as <FORMAT>
      And the receiver is ended by Ctrl-C
      Then it ends with exit code 0
      And OpenTelemetry says of codex in "W0-07" the very tokens that the server dealt

      Examples:
        | FORMAT |
        | json   |
        | binary |
