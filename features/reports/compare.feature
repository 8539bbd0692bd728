Feature: Two providers on the same features
  The comparison shows what was recorded for each feature, and what only one side has worked. It infers nothing.

  Rule: Matched features are compared, and the others are named

    Example: Lines of telemetry with lanes
      Given a file "telemetry.jsonl" of:
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
      Given a file "telemetry.jsonl" of:
        """
        {"ts":"2025-10-19T16:05:00Z","rid":"R1","lane":"baseline","model":"m","status":"ok","input_tokens":1200,"output_tokens":300}
        {"ts":"2025-10-19T16:05:10Z","rid":"R1","lane":"glm","model":"m","status":"ok","input_tokens":400,"output_tokens":100}
        """
      When I run "experiment compare --baseline baseline --candidate glm --telemetry telemetry.jsonl --telemetry telemetry.jsonl"
      Then it prints "R1       3.000  1,500            500"

    Example: Streams whose tokens nobody read have no ratio
      Given a file "telemetry.jsonl" of:
        """
        {"ts":1760972506.92,"rid":"R1","lane":"anth","model":"m","status":200,"op":"nonstream","input_tokens":100,"output_tokens":10}
        {"ts":1760972507.92,"rid":"R1","lane":"zai","model":"m","status":200,"op":"stream","input_tokens":0,"output_tokens":0}
        """
      When I run "experiment compare --baseline anthropic --candidate glm --telemetry telemetry.jsonl"
      Then it ends with exit code 0
      And it prints "R1       n/a    110               n/a"

    Example: A backend may be named as its proxy names it
      Given a file "telemetry.jsonl" of:
        """
        {"ts":1760972506.92,"rid":"R1","lane":"anth","model":"m","status":200,"input_tokens":1200,"output_tokens":300}
        {"ts":1760972507.92,"rid":"R1","lane":"zai","model":"m","status":200,"input_tokens":400,"output_tokens":100}
        """
      When I run "experiment compare --baseline anthropic --candidate zai --telemetry telemetry.jsonl"
      Then it ends with exit code 0
      And it prints "R1       3.000  1,500             500"

    Example: A backend that no line names
      Given a file "telemetry.jsonl" of:
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

  Rule: What can't be compared is refused with a reason

    Scenario Outline: <FAULT>
      Given a file "telemetry.jsonl" of:
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
