Feature: Progressive validation
  `--rehearse` checks, level by level, that an experiment will run. The scripted model answers instead of every
  vendor, so that it costs nothing.

  Rule: Each level's output says what it checked

    Scenario Outline: Up to the level <LEVEL>
      Given a small experiment whose upstream answers once with 500 tokens and then says 429
      When I run "experiment run --rehearse <LEVEL>"
      Then it ends with exit code 0
      And it prints "<LEVEL>"
      And it prints "<CHECKED>"
      And it does not print "<NOT YET>"
      And its own upstream was not asked

      Examples:
        | LEVEL    | CHECKED                                                       | NOT YET            |
        | parse    | 1 task and a schedule of 2 windows                  | installed          |
        | commands | Every agent is installed, and every credential is there.      | A workspace        |
        | dry-run  | A workspace was made for 1 task.                              | the scripted model |

      @spawn @slow
      Examples:
        | LEVEL    | CHECKED                                                       | NOT YET            |
        | role     | worked on lru-cache with the scripted model: pass.      | workflow           |
        | workflow | first worked on lru-cache with the scripted model: pass.     | FAILED             |

    @spawn @slow
    Example: Without a level it goes through all five, and leaves nothing
      Given a small experiment
      When I run "experiment run --rehearse --json"
      Then it ends with exit code 0
      And the JSON has:
        | 0.level | parse    |
        | 4.level | workflow |
        | 4.ok    | true     |
      And nothing is written

  Rule: It stops at the first level that fails

    Example: A credential that is not there
      Given a small experiment whose upstream answers once with 500 tokens and then says 429
      And the variable SPEC_PROVIDER_KEY is ""
      When I run "experiment run --rehearse"
      Then it ends with exit code 2
      And it says "Nothing was started, because something is missing" on stderr
      And nothing is written

    @spawn @slow
    Example: An agent that fails
      Given a "claude" on the PATH that asks the model and exits with 3
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      When I run "experiment run --rehearse"
      Then it ends with exit code 1
      And it prints "claude-code worked on lru-cache with the scripted model: crashed"
      And it does not print "workflow"
      And nothing is written

    Example: A level that does not exist
      Given a small experiment
      When I run "experiment run --rehearse everything"
      Then it ends with exit code 2
      And it says "parse, commands, dry-run, role, workflow" on stderr

    Example: An option that the check does not read
      Given a small experiment
      When I run "experiment run --rehearse --resume"
      Then it ends with exit code 2
      And it says "--resume: expected it without --rehearse, got both." on stderr

  Rule: Real agents are checked with the scripted model

    @spawn @slow
    Example: The real Claude Code
      Given Claude Code is installed
      And a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "claude-code" providers on that server
      When I run "experiment run --rehearse workflow"
      Then it ends with exit code 0
      And the server was not asked
