Feature: The window that an agent works
  Commands without --window mean the agent's current window. Each agent has its own.

  Rule: Without --window the agent's current window is meant

    Example: A reading in the current window
      Given "experiment window start W0-07" has ended with exit code 0
      When I run "experiment override --provider codex --phase before --meter 5h --used 9 --minutes 300"
      Then it ends with exit code 0
      And it prints "W0-07 (codex)"

    Example: No window is current
      When I run "experiment override --provider codex --phase before --meter 5h --used 9 --minutes 300"
      Then it ends with exit code 2
      And it says "experiment window start W0-07" on stderr

    Example: Another agent's window is not meant
      Given "experiment window start W0-07" has ended with exit code 0
      When I run "experiment audit --window W0-07 --agent sub1"
      Then it ends with exit code 2

  Rule: An agent works one window at a time

    Example: A second start
      Given "experiment window start W0-07" has ended with exit code 0
      When I run "experiment window start W0-08"
      Then it ends with exit code 3
      And it says "experiment window end W0-07" on stderr

    Example: Two agents, each with its own window
      Given "experiment window start W0-07" has ended with exit code 0
      When I run "experiment window start W0-08 --agent sub1"
      Then it ends with exit code 0
      And it prints "sub1: W0-08 is the current window."

    Example: The end of a window
      Given "experiment window start W0-07" has ended with exit code 0
      When I run "experiment window end"
      Then it prints "main: W0-07 has ended."

    Example: The wrong name at the end
      Given "experiment window start W0-07" has ended with exit code 0
      When I run "experiment window end W0-08"
      Then it ends with exit code 3
      And it says "got W0-08" on stderr
