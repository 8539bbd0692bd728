Feature: Missing requirements of a provider
  Everything that a provider needs is checked before anything is spent. The error says which provider lacks
  what and how to get it.

  Background:
    Given the environment variable "K" holds a key

  Rule: A provider's CLI must be installed

    Example: It is not on the PATH
      Given an experiment of "lru-cache" with the providers:
        | PROVIDER | DRIVER        | AUTH   |
        | ours     | builtin-agent | env K  |
        | claude   | claude-code   | env K  |
      And no program at all on the PATH
      When I run "experiment run"
      Then it ends with exit code 2
      And it says 'claude (claude-code) lacks the command "claude", which is in no folder of PATH' on stderr
      And it says "npm install --global @anthropic-ai/claude-code" on stderr
      And nothing is written

    Example: It is installed but does not work
      Given an experiment of "lru-cache" with the providers:
        | PROVIDER | DRIVER        | AUTH   |
        | ours     | builtin-agent | env K  |
        | claude   | claude-code   | env K  |
      And a "claude" on the PATH that only says "no such library" and exits with 127
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "no such library" on stderr
      And nothing is written

    Example: A plan does not need it
      Given an experiment of "lru-cache" with the providers:
        | PROVIDER | DRIVER        | AUTH   |
        | ours     | builtin-agent | env K  |
        | claude   | claude-code   | env K  |
      And no program at all on the PATH
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "npm install --global @anthropic-ai/claude-code"
      And nothing is written

  Rule: A provider's credential must exist

    Example: The key's variable is not set
      Given an experiment of "lru-cache" with the providers:
        | PROVIDER | DRIVER        | AUTH      |
        | ours     | builtin-agent | env OUR_K |
        | theirs   | builtin-agent | env K     |
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "ours: the environment variable OUR_K is not set" on stderr
      And nothing is written

    Example: All missing parts are reported at once
      Given an experiment of "lru-cache" with the providers:
        | PROVIDER | DRIVER        | AUTH      |
        | ours     | builtin-agent | env OUR_K |
        | claude   | claude-code   | inherit   |
      And no program at all on the PATH
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "ours: the environment variable OUR_K is not set" on stderr
      And it says "claude: lacks a Claude Code login" on stderr

    Example: There is no log-in to inherit
      Given an experiment of "lru-cache" with the providers:
        | PROVIDER | DRIVER        | AUTH    |
        | ours     | builtin-agent | inherit |
        | theirs   | builtin-agent | inherit |
      When I run "experiment run"
      Then it ends with exit code 2
      And it says 'because no log-in of the built-in agent can be used' on stderr
      And nothing is written

    Example: The log-in has expired
      Given an experiment of "lru-cache" with the providers:
        | PROVIDER | DRIVER      | AUTH    |
        | one      | claude-code | inherit |
        | two      | claude-code | inherit |
      And a log-in of Claude Code that expired yesterday
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "has expired" on stderr
      And nothing is written

  Rule: A driver must be known

    Example: A typing error
      Given an experiment of "lru-cache" with the providers:
        | PROVIDER | DRIVER        | AUTH  |
        | ours     | builtin-agent | env K |
        | theirs   | clod-code     | env K |
      When I run "experiment run"
      Then it ends with exit code 2
      And it says 'got "clod-code". Did you mean "claude-code"? Write one of: builtin-agent, claude-code, codex, opencode, gemini, qwen, pi, command.' on stderr
      And nothing is written

  Rule: The general requirements of a run are checked first

    Example: There is no git
      Given the variable PATH is "/nowhere"
      When I run "experiment run --seed 42"
      Then it ends with exit code 2
      And it says "git is not in PATH" on stderr
      And nothing is written

    Scenario Outline: "<COMMAND>" without git says so in one line
      Given a git repository "shop"
      And the variable PATH is "/nowhere"
      When I run "experiment <COMMAND>"
      Then it says "git is not in PATH, and every workspace is a git repository. Install git." on stderr
      And it ends with exit code 2

      Examples:
        | COMMAND                                                                      |
        | task import --repo shop                                                      |
        | run --rehearse                                                               |
        | complete --repo shop --window W0-01 --provider codex --feature lru-cache --outcome pass --commit-end HEAD |

    Example: The plan says that a run would be refused
      Given the variable PATH is "/nowhere"
      When I run "experiment plan --workspace-root /proc"
      Then it ends with exit code 0
      And it prints "run refuses to start here: git is not in PATH, and every workspace is a git repository. Install git."
      And it prints "run refuses to start here for want of room below /proc: expected 100 MB free, got 0 MB."

    Scenario Outline: The workspace root has no room for <COMMAND>
      When I run "experiment <COMMAND> --workspace-root /proc"
      Then it ends with exit code 2
      And it says "room below /proc" on stderr
      And it says "expected 100 MB free, got 0 MB. Free some space there, or name another folder with --workspace-root" on stderr
      And nothing is written

      Examples:
        | COMMAND        |
        | run            |
        | run --rehearse |

    Example: The data folder is a file
      Given a file "taken" that says:
        """
        a file
        """
      When I run "experiment run --seed 42 --data-dir taken"
      Then it ends with exit code 2
      And it says "the data folder can't be used" on stderr
