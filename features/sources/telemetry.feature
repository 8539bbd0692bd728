Feature: Reading the telemetry of a proxy
  Any proxy can write a line for each request. A line that does not say its tokens is named, because unknown
  tokens are not zero.

  Rule: A request with unknown tokens is named, and the others count

    Scenario Outline: <WHAT>
      Given a file "telemetry.jsonl" that says:
        """
        {"ts":1760972506.92,"rid":"R1","lane":"anth","model":"m","status":200,"op":"stream","input_tokens":5,"output_tokens":2}
        <LINE>
        """
      When I run "experiment ingest proxy-telemetry telemetry.jsonl --window W0-07"
      Then it ends with exit code 1
      And it prints "proxy-telemetry: 1 file read, 1 event, 1 new."
      And it prints "unknown-tokens: 1 line not read, first in"
      And the ingested tokens are 5 of input and 2 of output

      Examples:
        | WHAT                               | LINE                                                                                                                   |
        | A stream that the proxy did not read | {"ts":1760972507.92,"rid":"R2","lane":"anth","model":"m","status":200,"op":"stream","input_tokens":0,"output_tokens":0} |
        | A stream by its reason             | {"ts":1760972507.92,"rid":"R2","lane":"zai","model":"m","status":200,"reason":"streaming","input_tokens":0,"output_tokens":0} |
        | Tokens that are null               | {"ts":1760972507.92,"rid":"R2","lane":"anth","model":"m","status":200,"input_tokens":null,"output_tokens":null}        |

    Scenario Outline: <WHAT> takes no tokens
      Given a file "telemetry.jsonl" that says:
        """
        {"ts":1760972506.92,"rid":"R1","lane":"anth","model":"m","status":200,"op":"stream","input_tokens":5,"output_tokens":2}
        <LINE>
        """
      When I run "experiment ingest proxy-telemetry telemetry.jsonl --window W0-07"
      Then it ends with exit code 0
      And the ingested tokens are 5 of input and 2 of output

      Examples:
        | WHAT                | LINE                                                                                                                                                                                                                                          |
        | A refused request   | {"ts":1760972507.92,"rid":"R2","lane":"anth","model":"m","status":429}                                                                                                                                                                        |
        | A routing decision  | {"ts":1760972507.92,"rid":"R2","lane":"anth","model":"m","status":-1}                                                                                                                                                                         |
        | A count of tokens   | {"timestamp":"2025-10-20T15:01:47Z","session_id":null,"subagent_id":null,"backend_provider":"anthropic","model":"m","prompt_tokens":null,"completion_tokens":null,"latency_ms":9,"status":200,"trace_id":"t2","kind":"count_tokens"} |

  Rule: An optional field that is null is unknown, as if it were not there

    Scenario Outline: <DIALECT>
      Given a file "telemetry.jsonl" that says:
        """
        <LINE>
        """
      When I run "experiment ingest proxy-telemetry telemetry.jsonl --window W0-07"
      Then it ends with exit code 0
      And the ingested tokens are 5 of input and 2 of output

      Examples:
        | DIALECT               | LINE                                                                                                                                                                                                                                   |
        | The ten fields        | {"timestamp":"2025-10-20T15:01:47Z","session_id":null,"subagent_id":null,"backend_provider":"anthropic","model":"m","prompt_tokens":5,"completion_tokens":2,"latency_ms":null,"status":200,"trace_id":"t2","feature_id":null} |
        | Lanes                 | {"ts":"2025-10-20T15:01:47Z","rid":"R2","lane":"anth","model":"m","status":"ok","input_tokens":5,"output_tokens":2,"latency_ms":null,"feature_id":null}                                                                               |
        | An add-on of mitmproxy | {"ts":1760972506.92,"rid":"R2","lane":"anth","model":"m","status":200,"event":null,"op":null,"input_tokens":5,"output_tokens":2,"latency_ms":null,"feature_id":null}                                                                 |
