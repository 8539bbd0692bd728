Feature: A machine without a sandbox
  Without bubblewrap the task bank, the ledger and the user's keys are open to agents. The product says so,
  and it refuses to run if the configuration requires a sandbox.

  Rule: Before a run and in every report, one line says that agents have no sandbox

    Background:
      Given a small experiment
      And a PATH without bubblewrap

    Example: The run
      When it is run there
      Then it ends with exit code 0
      And it says "No sandbox: agents can read and change the task bank, the ledger and your keys." on stderr
      And the preview prints "No sandbox: in 2 of 2 windows"

    Example: The report
      Given it has been run there
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "**No sandbox: in 2 of 2 windows the agent could read and change the task bank, the ledger and the user's keys.**"
      And every table and figure of the Markdown is explained, with a heading of the method page

    @slow
    Example: The strict policy
      Given it has been run there
      When I run "experiment gate --policy strict --allow-amended"
      Then it ends with exit code 10
      And it prints "No sandbox: in 2 of 2 windows"
      And it prints "- isolation: 2 counted windows ran without a sandbox."

    Example: The plan
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "No sandbox: agents can read and change the task bank, the ledger and your keys."
      And it prints "Install bubblewrap"

    @spawn
    Example: A terminal shows the line in bold
      Given a terminal
      When I run "experiment plan" on the terminal
      Then it ends with exit code 0
      And it prints the line "No sandbox:" in bold

  Rule: A configuration can require the sandbox

    Background:
      Given a small experiment
      And its file says "isolation: required"

    Example: It is not installed
      Given a PATH without bubblewrap
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "expected a sandbox, because isolation is required, got none: bwrap is in no folder of PATH. Install bubblewrap, e.g. apt-get install bubblewrap" on stderr
      And it says the line of "isolation:" in "experiment.yaml" on stderr
      And nothing is written

    Example: It is installed and does not work
      Given a PATH without bubblewrap
      And a "bwrap" on the PATH that only says "No permissions" and exits with 1
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "bin/bwrap does not work here: No permissions." on stderr
      And nothing is written

    Example: The plan says that the run would be refused
      Given a PATH without bubblewrap
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "run refuses to start here, because isolation is required"

    Example: It works
      Given bubblewrap is installed
      When I run "experiment plan"
      Then it ends with exit code 0
      And it does not print "No sandbox"
