Feature: A ledger in PostgreSQL
  `--store` or `COUNTERBALANCE_STORE` keeps the ledger in a database that several machines share. Its rows have
  the same bytes and hashes as in files.

  Rule: Machines share what they record

    Example: A reading of one machine is in the audit on another
      Given an empty PostgreSQL database as the store
      And "experiment snapshot before codex --window W0-07 --file pane.txt" has been run on another machine
      When I run "experiment audit --window W0-07"
      Then it ends with exit code 1
      And it prints "attempt 1 before"

    Example: A database without a ledger
      Given an empty PostgreSQL database as the store
      When I run "experiment preview"
      Then it ends with exit code 2
      And it says "there is no ledger here" on stderr

  Rule: A ledger moves between files and a database without a change

    Example: There and back
      Given the ledger of a run
      And it was imported into an empty PostgreSQL database, now the store
      When I run "experiment ledger export --to jsonl --out copy"
      Then it ends with exit code 0
      And "copy" holds the ledger byte for byte

    Example: A damaged ledger is not imported
      Given the ledger of a run
      And the file "windows.jsonl" has "a flipped bit in its first row"
      And an empty PostgreSQL database as the store
      When I run "experiment ledger import .experiment"
      Then it ends with exit code 6
      And it says "bytes from here on are not a row" on stderr

  Rule: No row is changed or lost without notice

    Example: Not even the database's owner changes a row by accident
      Given the ledger of a run
      And it was imported into an empty PostgreSQL database, now the store
      When the database's owner deletes the rows of the ledger
      Then the database refuses because "The ledger only grows"

    Example: Verification reads the database, and not this machine's copy
      Given the ledger of a run
      And it was imported into an empty PostgreSQL database, now the store
      And somebody has switched off its protection and changed the first row of "windows"
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints "windows.jsonl, line 1, byte 0: damage (no-row)"

    Example: A machine notices that the database lacks rows that it has copied
      Given the ledger of a run
      And it was imported into an empty PostgreSQL database, now the store
      And "experiment preview" has been run
      And the database was restored from a copy without the last row of "windows"
      When I run "experiment preview"
      Then it ends with exit code 6
      And it says "restored from an older copy" on stderr

  Rule: No password is shown

    Example: An address on the command line
      When I run "experiment preview --store postgres://me:sesame@127.0.0.1:9/ledger"
      Then it ends with exit code 2
      And it says "expected an address without a password" on stderr

    Example: A server that does not answer
      Given the store "postgres://me:sesame@127.0.0.1:9/ledger"
      When I run "experiment preview"
      Then it ends with exit code 1
      And it says "postgres://me@127.0.0.1:9/ledger: expected a database" on stderr
