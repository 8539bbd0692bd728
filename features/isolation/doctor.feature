Feature: What an agent can reach on this machine
  A user wants to know whether this machine confines agents, before any of them runs. The check tries the
  ways out. It asks no model, and it reads and changes nothing of the user's.

  Example: With a sandbox, every attempt is stopped
    Given bubblewrap is installed
    When I run "experiment doctor --isolation"
    Then it ends with exit code 0
    And it prints "17 of 17 attempts were stopped."
    And it prints "the bank does not exist"

  @spawn
  Example: A user without rights is as safe as root
    Given bubblewrap is installed
    When I run "experiment doctor --isolation" as a user without rights
    Then it ends with exit code 0
    And it prints "17 of 17 attempts were stopped."

  Example: Without a sandbox, attempts reach what they aim at
    Given a small experiment
    And a PATH without bubblewrap
    When I run "experiment doctor --isolation"
    Then it ends with exit code 1
    And it prints "No sandbox: bwrap is in no folder of PATH."
    And it prints "reads the task bank                        NO       nothing"
    And it prints "leaves a process behind                    NO       nothing"
