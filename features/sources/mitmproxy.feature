@slow
Feature: Telemetry of mitmproxy
  People whose agents already go through mitmproxy add a small file to it. It writes the tokens of each request
  in the form that the tracker reads, and nothing of what was said.

  Scenario Outline: <ANSWER>
    Given the real mitmdump with our add-on before a server that answers with <ANSWER>
    When two requests to a model go through it, and its telemetry is ingested for "W0-07"
    Then the ingested tokens are 20 of input and 14 of output
    And 160 cached tokens were read, and the telemetry has no word of the prompt, the answer or the key

    Examples:
      | ANSWER                         |
      | a message                      |
      | a stream of a message          |
      | a compressed stream            |
      | a response                     |
      | a stream of a response         |
      | a chat completion              |
      | a stream of a chat completion  |

  Scenario: An answer that breaks off
    Given the real mitmdump with our add-on before a server that answers with a stream that breaks off
    When two requests to a model go through it, and its telemetry is ingested for "W0-07"
    Then the ingested tokens are 20 of input and 2 of output
    And the lines of "telemetry.jsonl" are:
      | status |
      | 0      |
      | 0      |

  Scenario: A client that tries WebSocket first
    Given the real mitmdump with our add-on before a server that answers with a stream of a response
    When a client asks for a WebSocket to a model
    Then it is answered with 426, so that it asks over HTTP

  @spawn
  Scenario: Codex, which tries WebSocket first
    Given Codex is installed
    And a model server that keeps count of what it deals
    And the real mitmdump with our add-on before that server
    When a user starts Codex behind it, and its telemetry is ingested for "W0-07"
    Then the ingested tokens are all that the server dealt
