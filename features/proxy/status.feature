Feature: The proxy on its own
  Agents that a user starts are metered, routed and budgeted like those of a run, and the owner of the
  proxy can ask for its status.

  Rule: Every provider has an attempt address, and its requests are recorded

    Example: Two requests
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its proxy is open
      When the main agent of routed asks for "claude-sonnet-4-5"
      Then "experiment proxy status" shows 1 request in W0-02 of "routed" and 1 to "vendor", and its row 10 prompt tokens and 41 completion tokens in W0-02

    Example: A provider without its key
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And the variable GLM_KEY is ""
      When I run "experiment proxy"
      Then it ends with exit code 2
      And it says "the environment variable GLM_KEY is not set" on stderr
      And nothing is written

  Rule: The status lists every proxy of a ledger until it ends

    Background:
      Given a small experiment
      And two proxies of it are open in processes of their own, with "--provider first"

    @spawn
    Example: Both are open
      Then the status lists 2 proxies

    @spawn
    Example: One of them has ended
      When the first of them is closed
      Then the status lists 1 proxy

    @spawn
    Example: One of them was killed
      When the last of them is killed
      Then the status lists 1 proxy

  Rule: Only the owner gets the status

    Example: No proxy is running
      When I run "experiment proxy status"
      Then it ends with exit code 1
      And it says "no proxy is running here" on stderr

    Example: A proxy runs in this folder and none in the named one
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its proxy is open
      When I run "experiment proxy status --data-dir elsewhere"
      Then it ends with exit code 1
      And it says "elsewhere: no proxy is running here" on stderr

    Example: An option of the status before its name
      When I run "experiment proxy --data-dir elsewhere status"
      Then it ends with exit code 2
      And it says "expected --data-dir after" on stderr

    Example: A request without the key
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its proxy is open
      When a client asks for the status with the key "guessed"
      Then they get the status 404 and no details

  Rule: A command that fails to open the proxy ends, and leaves nothing open

    Background:
      Given a small experiment

    @spawn
    Example: Another program has the port, and a scripted model is already open
      When a proxy is started on a port of another program
      Then it ends with exit code 2
      And it says "is in use. Name another port after --port, or leave --port out for a free one." on stderr

    @spawn @slow
    Example: Another program has the port, and a recording is already open
      Given it has been run with "--record .experiment/recording"
      When a proxy is started on a port of another program, with "--replay .experiment/recording"
      Then it ends with exit code 2
      And it says "is in use" on stderr

    @spawn @slow
    Example: A run that can't say where its proxy is
      Given a file ".experiment/state/proxies" of ""
      When I run "experiment run" in a process of its own
      Then it ends with exit code 1
      And it says one line on stderr, with "proxies"

    @spawn
    Example: The state folder can't be written to
      Given its state folder can be read and not written to
      When I run "experiment proxy" as a user with read access only
      Then it ends with exit code 1
      And it says one line on stderr, with "/state/"
