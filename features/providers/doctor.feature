Feature: What this machine has for an experiment
  "experiment doctor" says which agents are here and which can start, what the sandbox holds back, and what to
  do about the rest. It asks no model and spends nothing.

  Example: A client that can start, another version than the tested one
    Given a "claude" on the PATH that says its version is "2.0.0"
    And the environment variable "ANTHROPIC_API_KEY" holds a key
    When I run "experiment doctor"
    Then it ends with exit code 0
    And it prints "2.0.0, tested with 2.1.329, key in ANTHROPIC_API_KEY"
    And it prints "An experiment could start here. Begin with: experiment init"

  Example: Nothing is here, not even git
    Given no program at all on the PATH
    When I run "experiment doctor"
    Then it ends with exit code 1
    And it prints "claude-code: Install: npm install --global @anthropic-ai/claude-code@2.1.329"
    And it prints "git: Install git: every workspace is a git repository."
    And it prints "No experiment of your own could start here yet. Not ready: git."

  Example: The prices that an experiment would use
    Given the environment variable "ANTHROPIC_API_KEY" holds a key
    And a file "own.yaml" of "{ name: ours, as_of: 2025-11-01, models: { m: { input: 7, output: 9 } } }"
    And a file "experiment.yaml" of "{ name: e, tasks: { bank: b }, providers: { a: { driver: builtin-agent, model: m }, b: { driver: builtin-agent, model: n } }, prices: own.yaml }"
    When I run "experiment doctor"
    Then it ends with exit code 0
    And it prints "ours + counterbalance, 2"
    And it prints "prices: The prices of ours are "

  Example: A client without a log-in, for scripts
    Given a "claude" on the PATH that says its version is "2.1.329"
    When I run "experiment doctor --json"
    Then it ends with exit code 1
    And it prints '"could_start": false'
    And it prints '"found": "2.1.329, no log-in and no key"'

  Example: A log-in that has expired
    Given a "claude" on the PATH that says its version is "2.1.329"
    And a log-in of Claude Code that expired yesterday
    When I run "experiment doctor"
    Then it ends with exit code 1
    And it prints each of:
      | 2.1.329, no log-in and no key               |
      | Start `claude` once, which renews the       |
      | The rehearsal needs neither: experiment run |
    And no line that it prints has more than 80 columns

  Example: What was tried against the sandbox
    Given bubblewrap is installed
    When I run "experiment doctor --isolation"
    Then it ends with exit code 0
    And it prints "AN AGENT"
    And no line that it prints has more than 80 columns

  @spawn
  Example: Every program is asked at the same time
    Given programs on the PATH that answer as soon as all of them have been asked:
      | claude | codex | opencode | gemini | qwen | pi | git | bwrap |
    And the environment variable "ANTHROPIC_API_KEY" holds a key
    When I run "experiment doctor"
    Then it ends with exit code 0
    And it prints each of:
      | builtin-agent  yes    0.1.0, key in ANTHROPIC_API_KEY |
      | claude-code    yes    1.2.3, tested with 2.1.329      |
      | codex          no     1.2.3, tested with 0.169.0      |
      | opencode       yes    1.2.3                           |
      | gemini         no     1.2.3                           |
      | qwen           no     1.2.3                           |
      | pi             yes    1.2.3                           |
      | git            yes    1.2.3                           |

  Example: Without a sandbox
    Given the environment variable "ANTHROPIC_API_KEY" holds a key
    And a PATH without bubblewrap
    When I run "experiment doctor"
    Then it ends with exit code 0
    And it prints each of:
      | none, so agents could read the bank, the ledger and your |
      | keys: bwrap is in no folder of PATH                      |
      | sandbox: Install bubblewrap                              |
    And no line that it prints has more than 80 columns
