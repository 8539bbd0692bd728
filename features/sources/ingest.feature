Feature: Reading what other programs counted
  Session logs and the output of agents state what a manual window used. Every use counts once, in the window
  that it belongs to. The command names what it can't read.

  Rule: Every use counts once

    Scenario Outline: <TRAP>
      Given a log of <SOURCE>:
        """
        <LINES>
        """
      When it is ingested as "<SOURCE>" with "--window W0-07"
      Then it ends with exit code 0
      And the ingested tokens are <INPUT> of input and <OUTPUT> of output

      Examples:
        | TRAP                                             | SOURCE         | LINES                                                                | INPUT | OUTPUT |
        | A line for each block of one message             | claude-session | claude m1 100 50, claude m1 100 50, claude m1 100 50                 | 100   | 50     |
        | A first guess before the final count             | claude-session | claude m1 100 2, claude m1 100 50                                    | 100   | 50     |
        | A message that a sidechain repeats               | claude-session | claude m1 100 50, sidechain m1 100 50                                | 100   | 50     |
        | A message that the client made up                | claude-session | claude m1 100 50, synthetic m2 7 7                                   | 100   | 50     |
        | An error of the API that is logged as a message  | claude-session | claude m1 100 50, api-error m2 7 7                                   | 100   | 50     |
        | A count that is repeated unchanged               | codex-rollout  | codex 100 50, codex 100 50                                           | 100   | 50     |
        | A count that grows                               | codex-rollout  | codex 100 50, codex 130 60                                           | 130   | 60     |
        | A count that falls after a compaction            | codex-rollout  | codex 100 50, codex 30 10                                            | 130   | 60     |
        | A count that falls and reaches the same again    | codex-rollout  | codex 100 50, codex 130 60, codex 100 50, codex 130 60               | 260   | 120    |
        | Limits without a count                           | codex-rollout  | codex 100 50, limits-only                                            | 100   | 50     |
        | The counts of its parent in the log of a fork    | codex-rollout  | fork, older 100 50, codex 130 60                                     | 30    | 10     |
        | A fork that continues its parent's count         | codex-rollout  | fork, codex 130 60 last 30 10                                        | 30    | 10     |
        | Counts that are null                             | claude-session | claude m1 100 50, nulls m2 7                                         | 100   | 57     |
        | An older count of a thread behind a newer one    | codex-exec     | thread t1 130 60, thread t1 100 50                                   | 130   | 60     |
        | An answer that comes again with its tool calls   | gemini-session | gemini g1 100 50, gemini g1 100 50, gemini g2 30 10                  | 130   | 60     |
        | An input that contains what the cache has        | qwen-session   | qwen q1 100 50, qwen q2 130 10 cached 100                            | 130   | 60     |
        | An input that leaves out what the cache has      | pi-session     | pi p1 100 50, pi p2 30 10 cached 100                                 | 130   | 60     |
        | An answer that failed, without tokens            | pi-session     | pi p1 100 50, pi p2 0 0                                              | 100   | 50     |

    Example: A log that was archived, of a client that does not say where it ran
      Given a log "sessions/rollout-1.jsonl" with "unsourced, codex 100 50"
      And a log "archived_sessions/rollout-1.jsonl" with "unsourced, codex 100 50"
      When I run "experiment ingest codex-rollout . --window W0-07"
      Then it ends with exit code 0
      And the ingested tokens are 100 of input and 50 of output

    Example: The same log again
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it was ingested as "claude-session" with "--window W0-07"
      When it is ingested as "claude-session" with "--window W0-07"
      Then it ends with exit code 0
      And it prints "Nothing new: nothing was written."
      And the ingested tokens are 100 of input and 50 of output

    Example: The preview names a window that has usage and no reading
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it was ingested as "claude-session" with "--window W0-07"
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "Without a reading: W0-07 (claude), 150 tokens of claude-session"

    Scenario Outline: <COMMAND> has it as JSON too
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it was ingested as "claude-session" with "--window W0-07"
      When I run "experiment <COMMAND> --json"
      Then it ends with exit code 0
      And the JSON has:
        | <PATH>.source | claude-session |
        | <PATH>.tokens | 150            |

      Examples:
        | COMMAND                                      | PATH                      |
        | preview --experiment manual                  | by_hand.without_reading.0 |
        | preview --experiment manual --window W0-07   | 0                         |

    Example: The preview says who counted which tokens
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it was ingested as "claude-session" with "--window W0-07"
      When I run "experiment preview --experiment manual"
      Then it ends with exit code 0
      And it prints "Usage  Provider  Tokens  Counts  Counted by      Source"
      And it prints "W0-07  claude    150     yes     claude-session  ingest"

    Example: A log that has grown
      Given a log of codex-rollout:
        """
        codex 100 50
        """
      And it was ingested as "codex-rollout" with "--window W0-07"
      When the log has grown by "codex 130 60" and is ingested again
      Then it prints "1 new, 1 there already."
      And the ingested tokens are 130 of input and 60 of output

    Example: A resumed thread of codex exec
      Given a log of codex-exec:
        """
        thread t1 100 50
        """
      And it was ingested as "codex-exec" with "--window W0-07"
      When the log has grown by "thread t1 130 60" and is ingested again
      Then the ingested tokens are 130 of input and 60 of output

    Example: The log of a thread's beginning, read again after that of its end
      Given a log of codex-exec:
        """
        thread t1 130 60
        """
      And it was ingested as "codex-exec" with "--window W0-07"
      And a log with "thread t1 100 50" was piped to "experiment ingest codex-exec --stdin --window W0-07"
      When the log has grown by "thread t1 150 70" and is ingested again
      Then it ends with exit code 0
      And the ingested tokens are 150 of input and 70 of output

    Example: A count that was undone counts again when its log is read again
      Given a log of codex-rollout:
        """
        codex 100 50
        """
      And it was ingested as "codex-rollout" with "--window W0-06"
      And the last row of "usage" was undone
      When it is ingested as "codex-rollout" with "--window W0-07"
      Then it prints "W0-07 (codex)"
      And the ingested tokens are 100 of input and 50 of output

    Example: A row that was undone counts again when its log is read again
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And the last row of "usage" was undone
      When it is ingested as "claude-session" with "--window W0-07"
      Then it prints "W0-07 (claude)"
      And the ingested tokens are 100 of input and 50 of output

    Example: An undone older count is read again after a newer one
      Given a log of codex-exec:
        """
        thread t1 100 50
        """
      And it was ingested as "codex-exec" with "--window W0-06"
      And the log has grown by "thread t1 130 60" and was ingested again
      And row 1 of "usage_ingested" was undone
      When a log with "thread t1 100 50" is piped to "experiment ingest codex-exec --stdin --window W0-08"
      Then it prints "W0-08 (codex)"
      And the ingested tokens are 130 of input and 60 of output

    Example: A newer count has what an undone older one had
      Given a log of codex-exec:
        """
        thread t1 100 50
        """
      And it was ingested as "codex-exec" with "--window W0-06"
      And the last row of "usage" was undone
      And the log has grown by "thread t1 130 60" and was ingested again
      When a log with "thread t1 100 50" is piped to "experiment ingest codex-exec --stdin --window W0-08"
      Then it prints "Nothing new: nothing was written."
      And the ingested tokens are 130 of input and 60 of output

    Example: The whole log has what an undone part of it had
      Given a log of codex-exec:
        """
        thread t1 100 50
        """
      And it was ingested as "codex-exec" with "--window W0-06"
      And the log has grown by "thread t1 130 60" and was ingested again
      And row 1 of "usage_ingested" was undone
      When it is ingested as "codex-exec" with "--window W0-08"
      Then it prints "W0-08 (codex)"
      And the ingested tokens are 130 of input and 60 of output

    Example: A day of ccusage that was undone after a later day was read
      Given ccusage reported "daily 2026-01-01 100 10" in "first.json"
      And ccusage reported "daily 2026-01-01 100 10, daily 2026-01-02 20 5, daily 2026-01-03 30 5" in "second.json"
      And "experiment ingest ccusage first.json second.json --window W0-06" has been run
      And row 2 of "usage_ingested" was undone
      When I run "experiment ingest ccusage second.json --window W0-07"
      Then the ingested tokens are 50 of input and 10 of output

    Example: A message whose count begins at 0 and is repeated with its input
      Given a log of claude-session:
        """
        claude m1 0 0, claude m1 500 0
        """
      When it is ingested as "claude-session" with "--window W0-07"
      Then the ingested tokens are 500 of input and 0 of output

    Scenario Outline: A day of ccusage after <WHAT> was undone
      Given ccusage reported "daily 2026-01-02 100 10" in "first.json"
      And ccusage reported "daily 2026-01-02 200 20" in "second.json"
      And ccusage reported "daily 2026-01-02 250 30" in "third.json"
      And "experiment ingest ccusage first.json second.json third.json --window W0-06" has been run
      And row <ROW> of "usage_ingested" was undone
      When I run "experiment ingest ccusage second.json third.json --window W0-07"
      Then the ingested tokens are <INPUT> of input and 20 of output

      Examples:
        | WHAT                      | ROW | INPUT |
        | its growth in the middle  | 2   | 150   |
        | its last growth           | 3   | 150   |
        | its baseline              | 1   | 150   |

    Example: Undo takes back a baseline that was ingested last
      Given codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      And ccusage reported "daily 2026-01-02 100 10" in "first.json"
      And "experiment ingest ccusage first.json --window W0-07" has been run
      When I run "experiment undo"
      Then it prints "Undone: the baseline of ccusage-daily"

    Example: A project that ccusage names for the first time on a later day counts from zero
      Given ccusage reported by project "a 2026-01-02 100 10" in "first.json"
      And ccusage reported by project "a 2026-01-02 100 10, b 2026-01-03 30 5, c 2026-01-01 7 7" in "second.json"
      And "experiment ingest ccusage first.json --window W0-07" has been run
      When I run "experiment ingest ccusage second.json --window W0-07"
      Then the ingested tokens are 30 of input and 5 of output

    Example: Weeks that begin on another day are a baseline, because they hold days that are known
      Given ccusage reported "weekly 2026-01-04 100 10" in "sundays.json"
      And ccusage reported "weekly 2026-01-05 90 9" in "mondays.json"
      And ccusage reported "weekly 2026-01-05 95 9, weekly 2026-01-12 7 1" in "later.json"
      And "experiment ingest ccusage sundays.json mondays.json --window W0-07" has been run
      When I run "experiment ingest ccusage later.json --window W0-07"
      Then the ingested tokens are 12 of input and 1 of output

  Rule: By time, an event belongs to the one window that was open

    Background:
      Given codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      And codex was read after "W0-07" at "11:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 17% used | 13:01  |

    Scenario Outline: <WHEN>
      Given a log of codex-rollout:
        """
        at <TIME> codex 100 50
        """
      When it is ingested as "codex-rollout" with "--by-time"
      Then it ends with exit code 0
      And it prints "<PLACE>"

      Examples:
        | WHEN                | TIME  | PLACE            |
        | While it was open   | 10:30 | W0-07 (codex)    |
        | Before it was open  | 09:59 | none (no-window) |
        | After its end       | 11:01 | none (no-window) |

    Example: Two windows at once
      Given codex was read before "W0-08" at "10:20":
        | METER | SHOWN    | RESETS |
        | 5h    | 12% used | 13:01  |
      And a log of codex-rollout:
        """
        at 10:30 codex 100 50
        """
      When it is ingested as "codex-rollout" with "--by-time"
      Then it prints "none (ambiguous-time)"

    Example: The window of another agent
      Given a log of codex-rollout:
        """
        at 10:30 codex 100 50
        """
      When it is ingested as "codex-rollout" with "--by-time --agent sub1"
      Then it prints "none (no-window)"

    Example: Telemetry of a proxy belongs to the windows of its backends
      Given "experiment override --window W0-01 --provider claude --phase before --reading 5h=1 --at 2025-10-19T10:00:00Z" has been run
      And "experiment override --window W0-01 --provider glm --phase before --reading 5h=1 --at 2025-10-19T10:00:00Z" has been run
      And a log of claude-session:
        """
        telemetry api.anthropic.com 100 50, telemetry openai 30 10, telemetry zai 7 3
        """
      When it is ingested as "proxy-telemetry" with "--by-time"
      Then it prints "W0-01 (claude)  all   m      1       150"
      And it prints "W0-07 (codex)   all   m      1       40"
      And it prints "W0-01 (glm)     all   m      1       10"

    Example: Telemetry of a backend without a window belongs to none
      Given "experiment override --window W0-01 --provider claude --phase before --reading 5h=1 --at 2025-10-19T10:00:00Z" has been run
      And a log of claude-session:
        """
        telemetry api.anthropic.com 100 50, telemetry zai 7 3
        """
      When it is ingested as "proxy-telemetry" with "--by-time"
      Then it prints "W0-01 (claude)    all   m      1       150"
      And it prints "none (no-window)  all   m      1       10"

  Rule: What Claude Code asked of GLM belongs to a window of GLM, if there is one

    Scenario Outline: A log of both with <OPTIONS>, while glm <HAS>
      Given "experiment override --provider claude --window W0-07 --phase before --meter 5h --used 1 --minutes 300 --at 2025-10-19T10:00:00Z" has been run
      And "experiment override --provider <OTHER> --window <WINDOW> --phase before --meter 5h --used 1 --minutes 300 --at 2025-10-19T10:00:00Z" has been run
      And a log of claude-session:
        """
        claude m1 100 50, glm m2 30 10
        """
      When it is ingested as "claude-session" with "<OPTIONS>"
      Then it prints "<PLACE>"

      Examples:
        | HAS                 | OTHER | WINDOW | OPTIONS                       | PLACE                         |
        | has an open window  | glm   | W0-08  | --by-time                     | W0-08 (glm)     main  glm-4.6 |
        | has the same window | glm   | W0-07  | --window W0-07                | W0-07 (glm)     main  glm-4.6 |
        | has another window  | glm   | W0-08  | --window W0-07                | W0-07 (claude)  main  glm-4.6 |
        | has no window       | codex | W0-08  | --by-time                     | W0-07 (claude)  main  glm-4.6 |
        | is named            | glm   | W0-08  | --window W0-08 --provider glm | W0-08 (glm)  main  glm-4.6    |

  Rule: A message names uses that may be in the wrong window

    Example: A log that another window has
      Given a log of claude-session:
        """
        claude m1 100 50, claude m2 10 5
        """
      And it was ingested as "claude-session" with "--window W0-07"
      When it is ingested as "claude-session" with "--window W0-08"
      Then it ends with exit code 0
      And it prints "2 events are in W0-07 (claude) already. To move this use, undo its row first: experiment undo --id"

    Example: A new log and one that another window has
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And a log "new.jsonl" with "claude m2 10 5"
      When I run "experiment ingest claude-session . --window W0-08"
      Then it ends with exit code 0
      And it does not print "already. To move"

    Example: A log that no window had when it was read
      Given a log of claude-session:
        """
        at 10:40 claude m1 100 50
        """
      And it was ingested as "claude-session" with "--by-time"
      When it is ingested as "claude-session" with "--window W0-08"
      Then it prints "1 event is in no window already."

    Example: A window that only another provider has
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And codex was read before "W0-07" at "10:20":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      When it is ingested as "claude-session" with "--window W0-07"
      Then it ends with exit code 0
      And it prints "W0-07 is new for claude; codex has it. If these are its tokens, undo them, and read them again with --provider codex."

    Example: A window that the provider has by now
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And codex was read before "W0-07" at "10:20":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      And it was ingested as "claude-session" with "--window W0-07"
      And a log "new.jsonl" with "claude m2 10 5"
      When I run "experiment ingest claude-session . --window W0-07"
      Then it ends with exit code 0
      And it does not print "is new for"

  Rule: A watched log is read on until Ctrl-C

    Example: Another log takes its place
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it is watched as "claude-session" with "--window W0-07"
      When the log is moved away, and "claude m2 10 5" is written in its place
      And the watch is ended by Ctrl-C
      Then it ends with exit code 0
      And it says "is gone. It is read again when it comes back." on stderr
      And the ingested tokens are 110 of input and 55 of output

    Example: A line that was half written when the log was read
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it is watched as "claude-session" with "--window W0-07"
      When "claude m2 10 5" is added, and "claude m3 1 1" in two parts
      And the watch is ended by Ctrl-C
      Then it ends with exit code 0
      And it says "rollout-log.jsonl: 1 new event." on stderr
      And the ingested tokens are 111 of input and 56 of output

    Example: A log that is read again counts once
      Given a log of claude-session:
        """
        claude m1 100 50, no-json
        """
      And it is watched as "claude-session" with "--window W0-07"
      When "claude m2 10 5" is added
      And the watch is ended by Ctrl-C
      Then it ends with exit code 1
      And it prints "claude-session: 1 file read, 2 events, 2 new."
      And it prints "not-json: 1 line not read, first in"

    Example: A message that grows counts once
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it is watched as "claude-session" with "--window W0-07"
      When "claude m1 100 80" is added
      And the watch is ended by Ctrl-C
      Then it prints "claude-session: 1 file read, 1 event, 1 new."
      And it prints "claude-sonnet-4-5  1       180     n/a     80"

    Example: A line that is still half written at the end
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And it is watched as "claude-session" with "--window W0-07"
      When "claude m2 10 5, half" is added
      And the watch is ended by Ctrl-C
      Then it ends with exit code 1
      And it prints "cut-line: 1 line not read, first in"
      And the ingested tokens are 110 of input and 55 of output

    Example: A window is opened while a log is watched
      Given a log of codex-rollout:
        """
        codex 100 50
        """
      And it is watched as "codex-rollout" with "--by-time"
      And codex was read before "W0-07" at "10:20":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      When "at 10:40 codex 130 60" is added
      And the watch is ended by Ctrl-C
      Then it prints "none (no-window)"
      And it prints "W0-07 (codex)"

  Rule: What can't be read is named, and the rest counts

    Scenario Outline: <FAULT>
      Given a log of claude-session:
        """
        claude m1 100 50, <LINE>
        """
      When it is ingested as "claude-session" with "--window W0-07"
      Then it ends with exit code 1
      And it prints "<REASON>: 1 line not read, first in"
      And the ingested tokens are 100 of input and 50 of output

      Examples:
        | FAULT                            | LINE          | REASON    |
        | Half a line at the end           | half          | cut-line  |
        | Half a line before its usage     | early-half    | cut-line  |
        | A line that is no JSON           | no-json       | not-json  |
        | Tokens that are no whole number  | claude m2 x 1 | bad-usage |
        | A message without an id          | no-id         | no-id     |
        | A time that does not exist       | no-time       | bad-time  |

    Scenario Outline: A log of <LOG> is not one of <SOURCE>
      Given a log of <LOG>:
        """
        <LINES>
        """
      When it is ingested as "<SOURCE>" with "--window W0-07"
      Then it ends with exit code 2
      And it says "got one of <LOG>. Write experiment ingest <LOG> " on stderr

      Examples:
        | LOG            | SOURCE         | LINES            |
        | codex-rollout  | claude-session | codex 100 50     |
        | claude-session | codex-rollout  | claude m1 100 50 |

    Example: A file that is no log
      Given a log "notes.jsonl" with "text, text"
      When I run "experiment ingest claude-session notes.jsonl --window W0-07"
      Then it ends with exit code 2
      And it says "notes.jsonl: expected a file of claude-session, got one that is not JSON" on stderr

    Example: Text on stdin that is no log
      When a log with "text" is piped to "experiment ingest codex-exec --stdin --window W0-07"
      Then it ends with exit code 2
      And it says "stdin: expected a log or a report of codex-exec, got no JSON" on stderr

    Example: A log of another source on stdin
      When a log with "claude m1 100 50" is piped to "experiment ingest codex-exec --stdin --window W0-07"
      Then it ends with exit code 2
      And it says "got one of claude-session. Write experiment ingest claude-session --stdin" on stderr

    Example: A folder with a file of text and a log
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And a log "notes.jsonl" with "text, text"
      When I run "experiment ingest claude-session . --window W0-07"
      Then it ends with exit code 1
      And it prints "not-json: 2 lines not read, first in"
      And the ingested tokens are 100 of input and 50 of output

    Scenario Outline: <FAULT> between the lines of a log
      Given a log of <SOURCE>:
        """
        <FIRST>, <LINE>, <LAST>
        """
      When it is ingested as "<SOURCE>" with "--window W0-07"
      Then it ends with exit code 1
      And it prints "not-json: 1 line not read, first in"
      And the ingested tokens are <INPUT> of input and <OUTPUT> of output

      Examples:
        | FAULT               | SOURCE         | FIRST            | LINE     | LAST             | INPUT | OUTPUT |
        | Half a line         | claude-session | claude m1 100 50 | early    | claude m2 10 5   | 110   | 55     |
        | Text                | claude-session | claude m1 100 50 | text     | claude m2 10 5   | 110   | 55     |
        | Brackets            | claude-session | claude m1 100 50 | brackets | claude m2 10 5   | 110   | 55     |
        | Half a line         | codex-rollout  | codex 100 50     | early    | codex 130 60     | 130   | 60     |
        | Text                | codex-rollout  | codex 100 50     | text     | codex 130 60     | 130   | 60     |
        | Half a line         | codex-exec     | thread t1 100 50 | early    | thread t1 130 60 | 130   | 60     |
        | Text                | codex-exec     | thread t1 100 50 | text     | thread t1 130 60 | 130   | 60     |

    Scenario Outline: <SOURCE> shows meters and no tokens
      When I run "experiment <COMMAND>"
      Then it ends with exit code 2
      And it says "<SOURCE> shows a meter at one moment. Write e.g. experiment snapshot before <PROVIDER> --file FILE." on stderr

      Examples:
        | SOURCE         | COMMAND                                            | PROVIDER |
        | claude-monitor | ingest claude-monitor screen.txt --window W0-07    | claude   |
        | glm-quota      | ingest glm-quota quota.json --window W0-07         | glm      |
        | claude-monitor | snapshot before claude-monitor --file screen.txt   | claude   |

    Example: A misspelt source
      When I run "experiment ingest ccusag nowhere.json --window W0-07"
      Then it ends with exit code 2
      And it says 'Did you mean "ccusage"?' on stderr

    Example: A folder that is not there
      When I run "experiment ingest claude-session nowhere --window W0-07"
      Then it ends with exit code 2
      And it says "expected a file or a folder, got nothing there" on stderr

    Example: A folder with a link to a log that is gone
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      And a link "gone.jsonl" to "nowhere.jsonl"
      When I run "experiment ingest claude-session . --window W0-07"
      Then it ends with exit code 0
      And the ingested tokens are 100 of input and 50 of output

    Example: A program before the pipe that printed nothing
      When I run "experiment ingest claude-session --stdin --window W0-07"
      Then it ends with exit code 2
      And it says "stdin: expected a log or a report of claude-session, got nothing" on stderr

    Example: A result that was never written
      Given a log of claude-result:
        """
        nothing
        """
      When it is ingested as "claude-result" with "--window W0-07"
      Then it ends with exit code 1
      And it prints "empty: 1 line not read, first in"

    Example: A folder without logs
      Given the folder "logs" is made
      When I run "experiment ingest claude-session logs --window W0-07"
      Then it ends with exit code 2
      And it says "expected files like *.jsonl in it, got none" on stderr

    Example: Neither a window nor a time
      Given a log of claude-session:
        """
        claude m1 100 50
        """
      When it is ingested as "claude-session" with ""
      Then it ends with exit code 2
      And it says "expected a window, got none" on stderr

    Example: Lines of Windows, in UTF-16
      Given a log of claude-session in UTF-16 with the line ends of Windows:
        """
        claude m1 100 50, claude m2 10 5
        """
      When it is ingested as "claude-session" with "--window W0-07"
      Then it ends with exit code 0
      And the ingested tokens are 110 of input and 55 of output
