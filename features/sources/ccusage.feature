Feature: What ccusage reported before and after a window
  A report of ccusage has totals of days, weeks, months, sessions or blocks. A window used what they grew by
  between two reports. Each kind of report is a source of its own, since they say the same in other words.

  Rule: Growth between two reports counts once

    Scenario Outline: <TRAP>
      Given ccusage reported "<BEFORE>" in "before.json"
      And ccusage reported "<AFTER>" in "after.json"
      When I run "experiment ingest ccusage before.json after.json --window W0-07"
      Then it ends with exit code 0
      And the ingested tokens are <INPUT> of input and <OUTPUT> of output

      Examples:
        | TRAP                                           | BEFORE                  | AFTER                                            | INPUT | OUTPUT |
        | Both reports in one command                    | daily 2026-01-02 100 50 | daily 2026-01-02 130 60                          | 30    | 10     |
        | A day that began after the first report        | daily 2026-01-02 100 50 | daily 2026-01-02 130 60, daily 2026-01-03 20 5   | 50    | 15     |
        | An older day that the first report left out    | daily 2026-01-02 100 50 | daily 2026-01-01 900 90, daily 2026-01-02 130 60 | 30    | 10     |
        | A day that nothing was used on before          | daily 2026-01-02 100 50 | daily 2026-01-03 20 5                            | 20    | 5      |
        | The sum of all agents, if there is one         | daily 2026-01-02 100 50 | daily 2026-01-02 130 60 claude                   | 30    | 10     |

    Example: A report has a session twice, once for each project
      Given ccusage reported "session subagents 100 10, session subagents 1000 100" in "before.json"
      And ccusage reported "session subagents 1000 100, session subagents 5100 510" in "after.json"
      When I run "experiment ingest ccusage before.json after.json --window W0-07"
      Then it ends with exit code 0
      And the ingested tokens are 5000 of input and 500 of output

    Scenario Outline: Counts of <AGENTS> are not those of claude
      Given ccusage reported "daily 2026-01-02 100 50 <AGENTS>" in "report.json"
      When I run "experiment ingest ccusage report.json --window W0-07"
      Then it ends with exit code 1
      And it prints "<FAULT>"

      Examples:
        | AGENTS       | FAULT                                                                                                 |
        | claude+codex | several-agents: 1 line not read, first in                                                             |
        | claude+codex | got those of claude, codex together. Write ccusage claude daily --json                                |
        | codex        | other-agent: 1 line not read, first in                                                                |
        | codex        | Expected counts of claude, got those of codex. Name one of them with --provider.                      |

    Example: The first report is where later ones begin
      Given ccusage reported "daily 2026-01-02 100 50" in "report.json"
      When I run "experiment ingest ccusage report.json --window W0-07"
      Then it ends with exit code 0
      And it prints "Kept as the baseline of later reports: nothing counts yet."

    Example: A report without lines is a beginning too
      Given a file "before.json" of '{"daily":[],"totals":null}'
      And ccusage reported "daily 2026-01-02 7 7, daily tomorrow 100 50" in "after.json"
      And "experiment ingest ccusage before.json --window W0-07" has been run
      When I run "experiment ingest ccusage after.json --window W0-07"
      Then it ends with exit code 0
      And the ingested tokens are 100 of input and 50 of output

    Example: A count that has fallen
      Given ccusage reported "daily 2026-01-02 100 50" in "before.json"
      And ccusage reported "daily 2026-01-02 30 10" in "fallen.json"
      And ccusage reported "daily 2026-01-02 40 15" in "after.json"
      When I run "experiment ingest ccusage before.json fallen.json after.json --window W0-07"
      Then it ends with exit code 1
      And it prints "total-fell: 1 count fell, so counting started again, first claude daily 2026-01-02."
      And the ingested tokens are 10 of input and 5 of output

    Example: A table as CSV that is larger than what is read at once
      Given "big.csv" is a table of ccusage with 12000 sessions
      When I run "experiment ingest ccusage big.csv --window W0-07"
      Then it ends with exit code 0
      And it prints "Kept as the baseline of later reports: nothing counts yet."

    Example: The same large table again
      Given "big.csv" is a table of ccusage with 12000 sessions
      And "experiment ingest ccusage big.csv --window W0-07" has been run
      When I run "experiment ingest ccusage big.csv --window W0-07"
      Then it ends with exit code 0
      And it prints "Nothing new: nothing was written."

    Example: A table as CSV without lines
      Given "empty.csv" is a table of ccusage with 0 sessions
      When I run "experiment ingest ccusage empty.csv --window W0-07"
      Then it ends with exit code 0
      And it prints "Nothing new: nothing was written."

    Example: The first report again, after a later one
      Given ccusage reported "daily 2026-01-02 100 50" in "before.json"
      And ccusage reported "daily 2026-01-02 130 60" in "after.json"
      And ccusage reported "daily 2026-01-02 150 70" in "later.json"
      And "experiment ingest ccusage before.json after.json before.json --window W0-07" has been run
      When I run "experiment ingest ccusage later.json --window W0-07"
      Then it ends with exit code 0
      And the ingested tokens are 50 of input and 20 of output

    Example: Days and weeks are two sources of the same tokens
      Given ccusage reported "daily 2026-01-02 100 50, weekly 2025-12-29 100 50" in "before.json"
      And ccusage reported "daily 2026-01-02 130 60, weekly 2025-12-29 130 60" in "after.json"
      And "experiment ingest ccusage before.json after.json --window W0-07" has been run
      When I run "experiment reconcile --window W0-07"
      Then it prints "ccusage-daily"
      And it prints "ccusage-weekly"
      And each source of "W0-07" has 30 tokens of input and 10 of output

  Rule: A window that only a log describes is there for every command

    Background:
      Given ccusage reported "daily 2026-01-02 100 50" in "before.json"
      And ccusage reported "daily 2026-01-02 130 60" in "after.json"
      And "experiment ingest ccusage before.json after.json --window W0-07" has been run

    Example: The audit has its sources, and what it lacks
      When I run "experiment audit --window W0-07"
      Then it ends with exit code 1
      And it prints "ccusage-daily: 40 tokens, row"
      And it prints "no before: experiment snapshot before"

    Example: The preview has manual windows
      When I run "experiment preview"
      Then it ends with exit code 0
      And it prints "manual windows"

    Example: Undo takes back what was ingested last
      Given "experiment undo" has been run
      When I run "experiment ingest ccusage after.json --window W0-08"
      Then it prints "W0-08 (claude)"
      And the ingested tokens are 30 of input and 10 of output
