Feature: Two providers on the same features
  The comparison shows what was recorded for each feature, and what only one side has worked. It infers nothing.

  Rule: Matched features are compared, and the others are named

    Example: Lines of telemetry with lanes
      Given a file "telemetry.jsonl" that says:
        """
        {"ts":"2025-10-19T16:05:00Z","rid":"R1","lane":"baseline","model":"anthropic/haiku","status":"ok","input_tokens":1200,"output_tokens":300,"latency_ms":420}
        {"ts":"2025-10-19T16:05:10Z","rid":"R1","lane":"glm","model":"z.ai/glm-4.6","status":"ok","input_tokens":400,"output_tokens":100,"latency_ms":380}
        {"ts":"2025-10-19T16:06:00Z","rid":"R2","lane":"baseline","model":"anthropic/haiku","status":"ok","input_tokens":10,"output_tokens":5}
        """
      When I run "experiment compare --baseline baseline --candidate glm --telemetry telemetry.jsonl"
      Then it ends with exit code 0
      And it prints "R1       3.000  1,500            500"
      And it prints "Only baseline: R2"

    Example: A file that repeats another one counts once
      Given a file "telemetry.jsonl" that says:
        """
        {"ts":"2025-10-19T16:05:00Z","rid":"R1","lane":"baseline","model":"m","status":"ok","input_tokens":1200,"output_tokens":300}
        {"ts":"2025-10-19T16:05:10Z","rid":"R1","lane":"glm","model":"m","status":"ok","input_tokens":400,"output_tokens":100}
        """
      When I run "experiment compare --baseline baseline --candidate glm --telemetry telemetry.jsonl --telemetry telemetry.jsonl"
      Then it prints "R1       3.000  1,500            500"

    Example: Streams whose tokens nobody read have no ratio
      Given a file "telemetry.jsonl" that says:
        """
        {"ts":1760972506.92,"rid":"R1","lane":"anth","model":"m","status":200,"op":"nonstream","input_tokens":100,"output_tokens":10}
        {"ts":1760972507.92,"rid":"R1","lane":"zai","model":"m","status":200,"op":"stream","input_tokens":0,"output_tokens":0}
        """
      When I run "experiment compare --baseline anthropic --candidate glm --telemetry telemetry.jsonl"
      Then it ends with exit code 0
      And it prints "R1       n/a    110               n/a"

    Example: A backend may be named as its proxy names it
      Given a file "telemetry.jsonl" that says:
        """
        {"ts":1760972506.92,"rid":"R1","lane":"anth","model":"m","status":200,"input_tokens":1200,"output_tokens":300}
        {"ts":1760972507.92,"rid":"R1","lane":"zai","model":"m","status":200,"input_tokens":400,"output_tokens":100}
        """
      When I run "experiment compare --baseline anthropic --candidate zai --telemetry telemetry.jsonl"
      Then it ends with exit code 0
      And it prints "R1       3.000  1,500             500"

    Example: A backend that no line names
      Given a file "telemetry.jsonl" that says:
        """
        {"ts":1760972506.92,"rid":"R1","lane":"anth","model":"m","status":200,"input_tokens":1200,"output_tokens":300}
        {"ts":1760972507.92,"rid":"R1","lane":"zai","model":"m","status":200,"input_tokens":400,"output_tokens":100}
        """
      When I run "experiment compare --baseline claude --candidate glm --telemetry telemetry.jsonl"
      Then it ends with exit code 0
      And it prints "Nothing was compared: no line is of claude. The files have: anthropic, glm."

    @slow
    Example: The windows of a ledger
      Given "experiment run --seed 42" has ended with exit code 0
      When I run "experiment compare --baseline small --candidate large"
      Then it ends with exit code 0
      And it prints "lru-cache"
      And it prints "above 1, large took less"

    Example: A provider that the experiment does not have
      Given a small experiment
      And it has been run to its end
      When I run "experiment compare --baseline first --candidate secnd"
      Then it ends with exit code 2
      And it says '--candidate: expected a provider of the experiment, got "secnd". Did you mean "second"?' on stderr

  Rule: It says what its figures are

    Example: A feature that was worked twice has the mean of its windows
      Given a small experiment
      And its file has:
        | tasks.include    | [lru-cache] |
        | tasks.replicates | 2           |
      And it has been run to its end
      When I run "experiment compare --baseline first --candidate second"
      Then it ends with exit code 0
      And it prints "2/2"
      And it prints 'A line has the mean of its windows, and "all" the sum of these means.'

    Example: A feature of telemetry has the sum of its requests
      Given a file "telemetry.jsonl" that says:
        """
        {"ts":1760972506.92,"rid":"R1","lane":"one","model":"m","status":200,"input_tokens":100,"output_tokens":10,"feature_id":"F1"}
        {"ts":1760972507.92,"rid":"R2","lane":"one","model":"m","status":200,"input_tokens":100,"output_tokens":10,"feature_id":"F1"}
        {"ts":1760972508.92,"rid":"R3","lane":"two","model":"m","status":200,"input_tokens":50,"output_tokens":5,"feature_id":"F1"}
        """
      When I run "experiment compare --baseline one --candidate two --telemetry telemetry.jsonl"
      Then it prints "F1       4.000  220         55"
      And it prints 'A line has the sum of its requests, and "all" the sum of the lines.'
      And it does not print "WINDOWS"

    Example: Telemetry does not say its vendors
      Given a file "telemetry.jsonl" that says:
        """
        {"ts":1760972506.92,"rid":"R1","lane":"anth","model":"m","status":200,"input_tokens":1200,"output_tokens":300}
        {"ts":1760972507.92,"rid":"R1","lane":"zai","model":"m","status":200,"input_tokens":400,"output_tokens":100}
        """
      When I run "experiment compare --baseline anthropic --candidate glm --telemetry telemetry.jsonl"
      Then it ends with exit code 0
      And it prints "R1       3.000  1,500             500"
      And it prints "Different vendors count tokens differently. If the two have different vendors, compare dollars."

  Rule: Tokens of several vendors have no ratio

    Background:
      Given an experiment of two vendors' models, "dear" and "cheap"
      And its file has:
        | prices.dear  | { input: 30, output: 150, cache_read: 3, cache_write_5m: 37.5 } |
        | prices.cheap | { input: 3, output: 15, cache_read: 0.3, cache_write_5m: 3.75 } |
      And it has been run with "--seed 42"

    Example: Their dollars are compared
      When I run "experiment compare --baseline first --candidate second"
      Then it ends with exit code 0
      And it prints "lru-cache  n/a    7,975         7,975          10.00"
      And it prints "Tokens have no ratio: the providers' vendors count tokens differently."

    Example: Programs read the reason too
      When I run "experiment compare --baseline first --candidate second --json"
      Then it ends with exit code 0
      And the JSON has:
        | totals.tokens_ratio | null    |
        | vendors             | several |

  Rule: What can't be compared is refused with a reason

    Scenario Outline: <FAULT>
      Given a file "telemetry.jsonl" that says:
        """
        <LINE>
        """
      When I run "experiment compare --baseline <BASELINE> --candidate glm --telemetry telemetry.jsonl"
      Then it ends with exit code 2
      And it says "<TOLD>" on stderr

      Examples:
        | FAULT                 | LINE              | BASELINE | TOLD                             |
        | A line that is no JSON | {"ts":           | codex    | line 1: not-json                 |
        | Another dialect        | {"hello":"you"}  | codex    | line 1: unknown-dialect          |
        | The same provider      | {"hello":"you"}  | glm      | expected another provider        |
