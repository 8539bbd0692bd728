Feature: A first configuration
  "experiment init" writes a file that can be planned at once and that says what may be changed.

  Rule: The file fits the agents on this machine

    Example: Claude Code is there
      Given a "claude" on the PATH that says its version is "2.1.329"
      When I run "experiment init"
      Then it ends with exit code 0
      And it prints "Claude Code 2.1.329 was found."
      And the JSON of "experiment plan --json" has:
        | registration.providers.*.driver | claude-code, claude-code |

    Example: No agent is there
      Given no program at all on the PATH
      When I run "experiment init"
      Then it ends with exit code 0
      And it prints "Claude Code was not found; install it with:"
      And it prints "npm install --global @anthropic-ai/claude-code@"
      And no line that it prints has more than 80 columns
      And the JSON of "experiment plan --json" has:
        | registration.providers.*.driver | builtin-agent, builtin-agent |

    Example: Two clients with keys are compared
      Given a "claude" on the PATH that says its version is "2.1.329"
      And a "codex" on the PATH that says its version is "0.169.0"
      And the environment variables "ANTHROPIC_API_KEY" and "OPENAI_API_KEY" hold keys
      When I run "experiment init --yes"
      Then it ends with exit code 0
      And the JSON of "experiment plan --json" has:
        | registration.providers.*.driver | claude-code, codex |

    Example: A log-in that can't be used is named
      Given a "codex" on the PATH that says its version is "0.169.0"
      When I run "experiment init"
      Then it ends with exit code 0
      And it prints "It has no log-in and no key here. Set OPENAI_API_KEY,"
      And it prints "because its log-in can't be used."

    Example: There is a task bank in the folder
      Given a bank "task-bank" with a copy of the task "lru-cache"
      When I run "experiment init"
      Then it ends with exit code 0
      And the file "experiment.yaml" has:
        | tasks.bank | task-bank |

  Rule: Addresses in the environment become upstreams

    Example: A gateway for the API of Anthropic
      Given a "claude" on the PATH that says its version is "2.1.329"
      And the environment variable "ANTHROPIC_API_KEY" holds a key
      And the variable ANTHROPIC_BASE_URL is "http://127.0.0.1:9999/v1/"
      When I run "experiment init --yes"
      Then it ends with exit code 0
      And it prints "Requests to anthropic go to http://127.0.0.1:9999"
      And the experiment file says 'anthropic-gateway: { base_url: "http://127.0.0.1:9999", auth: env ANTHROPIC_API_KEY }'

    Example: An address with a password
      Given a "claude" on the PATH that says its version is "2.1.329"
      And the variable ANTHROPIC_BASE_URL is "https://me:c0ffee@example.com"
      When I run "experiment init --yes"
      Then it ends with exit code 2
      And it is refused with:
        """
        ANTHROPIC_BASE_URL: expected an address without user, password, query, fragment and key, got one with a password. The address would be in a file. Set it without, and put the key into ANTHROPIC_API_KEY.
        """

  Rule: It says what a run costs at most

    Example: The built-in bank
      Given no program at all on the PATH
      And a bank "task-bank" with a copy of the task "lru-cache"
      When I run "experiment init"
      Then it ends with exit code 0
      And it prints "A run costs at most 5 dollars at list prices for 2 windows. Time: at most 30m"
      And the experiment file says "overall: { usd: 5 }"

  Rule: The repository around it gives the tasks

    @slow
    Example: Commits with tests
      Given a repository of the user's with tests of "node:test" and 3 commits
      When I run "experiment init --yes"
      Then it ends with exit code 0
      And it prints "Tests of this repository: node:test"
      And it prints "Tasks: 2 of task-bank"

    @slow
    Example: An interrupted import keeps the tasks that are done
      Given a repository of the user's with tests of "node:test" and 3 commits
      When I run "experiment init --yes" and press Ctrl-C while it proves its second task
      Then it ends with exit code 130
      And it says "1 finished task stayed in task-bank" on stderr
      And "experiment.yaml" does not exist

    Example: No commit with tests
      Given a repository of the user's without tests
      When I run "experiment init --yes"
      Then it ends with exit code 0
      And it prints "No task was made from 1 commit"
      And it prints "of the built-in bank"

  Rule: On a terminal it asks, and a pipe never lets it wait

    @spawn
    Example: An interrupted question writes nothing
      Given a terminal
      And a "claude" on the PATH that says its version is "2.1.329"
      And a "codex" on the PATH that says its version is "0.169.0"
      And the environment variables "ANTHROPIC_API_KEY" and "OPENAI_API_KEY" hold keys
      When I run "experiment init" on the terminal and press Ctrl-C at "What do you want to compare?"
      Then it ends with exit code 130
      And "experiment.yaml" does not exist

  Rule: Editors complete the file with the product's schema

    Example: The first line
      When I run "experiment init"
      Then it ends with exit code 0
      And the first line of the experiment file names a JSON Schema that it matches

  Rule: An existing file is never overwritten

    Example: A second time
      Given a small experiment
      When I run "experiment init"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yaml: it is there already. Name another file with --config, or edit this one.
        """
      And the experiment file is unchanged
