Feature: A first configuration
  "experiment init" writes a file that can be planned at once and that says what may be changed.

  Rule: The file fits the agents on this machine

    Example: Claude Code is there
      Given a "claude" on the PATH that says its version is "2.1.329"
      When I run "experiment init"
      Then it ends with exit code 0
      And it prints "Claude Code 2.1.329 was found."
      And the experiment file can be planned with the drivers "claude-code, claude-code"

    Example: No agent is there
      Given no program at all on the PATH
      When I run "experiment init"
      Then it ends with exit code 0
      And it prints "Claude Code was not found; install it with: npm install --global @anthropic-ai/claude-code@"
      And the experiment file can be planned with the drivers "builtin-agent, builtin-agent"

    Example: There is a task bank in the folder
      Given a bank "task-bank" with a copy of the task "lru-cache"
      When I run "experiment init"
      Then it ends with exit code 0
      And the experiment file names the bank "task-bank"

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
