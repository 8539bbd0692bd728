Feature: The baseline against itself
  Before a careful user compares providers, `run --aa` compares the baseline with itself. Every difference is
  chance, so the report says what this set-up calls a difference.

  Rule: Both arms are the baseline's configuration under two names

    Example: The plan of the rehearsal
      When I run "experiment plan --aa --seed 42"
      Then it ends with exit code 0
      And it prints "(rehearsal-aa), seed 42"
      And it prints "Baseline large, candidate large-again"
      And it does not print "scripted-small"

    Example: It is another experiment than the comparison with a candidate
      Given what "experiment plan --seed 42 --json" prints
      When I run "experiment plan --aa --seed 42 --json"
      Then it ends with exit code 0
      And it plans another experiment

  Rule: Two providers that do not differ are refused

    Scenario Outline: <COMMAND>
      Given a small experiment with:
        | models | model-a, model-a |
      When I run "experiment <COMMAND>"
      Then it ends with exit code 2
      And it says the line of "  second:" in "experiment.yaml" on stderr
      And it says 'expected "providers.second" to differ from "providers.first", got the same under another name.' on stderr
      And it says "compare the baseline with itself: experiment run --aa" on stderr
      And nothing is written

      Examples:
        | COMMAND |
        | run     |
        | plan    |

    Example: On purpose
      Given a small experiment with:
        | models | model-a, model-a |
      When I run "experiment plan --aa"
      Then it ends with exit code 0
      And it prints "Baseline first, candidate first-again"

  Rule: The report says what this set-up calls a difference

    @slow
    Example: One pair is too little for an interval
      Given a small experiment
      When it is run with "--aa"
      Then it ends with exit code 0
      And the preview prints "What this set-up calls a difference"
      And the preview prints "Both arms are the same configuration, so every difference is chance."
      And the preview prints "cost ratio: n/a, no interval yet"
      And the preview prints "literal stay lean, standard stay lean, strict stay lean. Staying lean is right here."

    @slow
    Example: The report names the command that asks the same again
      Given a small experiment
      And it has been run with "--aa"
      When I run "experiment report"
      Then it ends with exit code 0
      And the report begins with the line "# Report: small-aa (the model was scripted)"
      And the report says "## What this set-up calls a difference"
      And the report says to reproduce it with "experiment run --aa --seed 1 --config experiment.yaml"

    @slow
    Example: The rehearsal
      When I run "experiment run --aa --seed 42"
      Then it ends with exit code 0
      And the preview prints "Windows: 8 of 8 done"
      And the preview prints "% CI"
      And the preview prints "or more is found with a power of at least 80 %."
      And the preview does not print "Expanding is wrong here."
