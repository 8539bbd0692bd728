Feature: A ledger in git
  Every byte of a ledger is hashed, so git must not change line ends. The data folder and an exported copy
  have a file that says so. If something changes them anyway, a command names the damage and how to repair it.

  Background:
    Given the ledger of a run

  Rule: Git does not change the bytes, even if it writes CR LF elsewhere

    Example: The data folder
      Given ".experiment" was committed, and cloned where git writes CR LF
      When I run "experiment ledger verify --data-dir clone/.experiment"
      Then it ends with exit code 0
      And it prints "Whole: every row is what was written"
      And it does not print "unchecked"

    Example: An exported copy
      Given "experiment ledger export --to jsonl --out copy" has been run
      And "copy" was committed, and cloned where git writes CR LF
      When I run "experiment ledger verify --data-dir clone/copy"
      Then it ends with exit code 0
      And it does not print "unknown-file"

    Example: What the user wrote into .gitattributes stays
      Given a file ".experiment/.gitattributes" that says:
        """
        *.jsonl binary
        """
      When I run "experiment backlog ready search"
      Then it ends with exit code 0
      And the file ".experiment/.gitattributes" is:
        """
        *.jsonl binary
        """

  Rule: Changed line ends are named

    Background:
      Given ".experiment/.gitattributes" is removed
      And ".experiment" was committed, and cloned where git writes CR LF

    Example: By the verification, once for each file
      When I run "experiment ledger verify --data-dir clone/.experiment"
      Then it ends with exit code 6
      And it prints each of:
        | ledger: damage (line-ends): ledger.json ends in CR LF                                |
        | windows.jsonl, line 1, byte 0: damage (line-ends): 4 rows end in CR LF in place of LF |
        | perl -pi -e 's/\r$//'                                                                     |
      And it does not print "no-row"
      And it does not print "checkpoint-mismatch"
      And it does not print "chain-broken"

    Scenario Outline: By experiment <COMMAND>
      When I run "experiment <COMMAND> --data-dir clone/.experiment"
      Then it ends with exit code 6
      And it says "CR LF" on stderr

      Examples:
        | COMMAND              |
        | preview              |
        | gate                 |
        | backlog ready search |

    Example: The advice restores every byte
      Given the line ends of "clone/.experiment" are taken back as the advice says
      When I run "experiment ledger verify --data-dir clone/.experiment"
      Then it ends with exit code 0
      And it prints "Whole: every row"

  Rule: A file alone can have changed line ends

    Scenario Outline: experiment <COMMAND>
      Given the file "windows.jsonl" has "line ends of CR LF"
      When I run "experiment <COMMAND>"
      Then it ends with exit code 6
      And it says "its rows end in CR LF in place of LF" on stderr
      And it says "perl -pi -e 's/\r$//'" on stderr
      And the ledger is unchanged

      Examples:
        | COMMAND              |
        | preview              |
        | backlog ready search |

    Example: A changed row as well is its own damage
      Given the file "windows.jsonl" has "line ends of CR LF"
      And the file "windows.jsonl" has "a flipped bit in its first row"
      When I run "experiment ledger verify"
      Then it ends with exit code 6
      And it prints each of:
        | windows.jsonl, line 1, byte 0: damage (no-row)                           |
        | damage (line-ends): 3 rows end in CR LF in place of LF                   |
