Feature: Rows and captures that are too large
  A row and a capture hold at most 1 MB each. Larger ones are refused before anything is written. A larger
  row in the ledger is reported in bounded memory.

  Rule: Oversized input is not written

    Example: A capture of 100 MB
      When codex is read before "W0-07" from a capture of 20000000 lines
      Then it ends with exit code 2
      And it says "stdin: expected a captured pane of at most 1048576 bytes, got more. Capture the pane alone." on stderr
      And nothing is written

    Example: A reason of 2 MB
      Given codex was read before "W0-07" at "10:00":
        | METER | SHOWN    | RESETS |
        | 5h    | 11% used | 13:01  |
      When the window "W0-07" is completed with a reason of 2000000 letters
      Then it ends with exit code 3
      And it says "expected a row of at most 1048576 bytes" on stderr
      And the ledger is unchanged

    Example: A capture of 1 MB is kept in a file, and not read
      When codex is read before "W0-07" from a capture of 200000 lines
      Then it ends with exit code 1
      And it prints "error: Expected at most 262144 characters, got 1000036."
      And its row cites a file with that capture

  Rule: A row of 100 MB in the ledger is damage

    @slow
    Example: Commands that build on the rows refuse
      Given the ledger of a run
      And the file "windows.jsonl" has "a line of 100 MB before the last"
      When I run "experiment preview"
      Then it ends with exit code 6
      And it says "experiment ledger verify --full" on stderr
