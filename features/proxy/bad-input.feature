Feature: Bad input at the proxy
  Whatever an agent or an upstream sends, the proxy never crashes, never invents tokens, and never forwards
  a forbidden request.

  Rule: An invalid request

    Background:
      Given a proxy with an attempt at W0-01

    Example: Malformed JSON is forwarded for the upstream to judge
      Given an upstream that answers 400 with "This is no JSON."
      When the agent of W0-01 sends the body "{\"model\":"
      Then the agent gets the status 400
      And the upstream's requests are:
        | body |
        | {"model": |
      And the proxy's rows are:
        | status | requested_model | prompt_tokens | error     |
        | 400    | null            | null          | api_error |

    Example: A prompt of a hundred megabytes
      When the agent of W0-01 sends a prompt of 100 megabytes
      Then the agent gets the status 413
      And the upstream has received 0 requests
      And the proxy's rows are:
        | status | backend_provider | error          |
        | 413    | null             | body_too_large |

    Example: Ten thousand headers
      When the agent of W0-01 sends 10000 headers
      Then the agent gets the status 431
      And the upstream has received 0 requests

    Example: A client that sends its request byte by byte without end
      Given a proxy that waits 300 milliseconds for a request, with an attempt at W0-02
      When the agent of W0-02 begins a prompt and never ends it
      Then its connection is closed, with 408 or without an answer
      And the upstream has received 0 requests
      And no other client has to wait

    Example: Another host than the attempt's own
      When a client asks the proxy for "http://api.anthropic.com/v1/messages"
      Then the agent gets the status 402
      And the upstream has received 0 requests
      And there is no row

    Example: A path that leaves the upstream's path
      When the agent of W0-01 sends a "GET" to "/v1/../../admin"
      Then the agent gets the status 400
      And the upstream has received 0 requests

  Rule: A split or compressed answer counts like any other

    Background:
      Given a proxy with an attempt at W0-01

    Example: A stream that arrives byte by byte, even within a character
      Given an upstream that streams its answer byte by byte
      When the agent of W0-01 sends a body of its own layout
      Then the agent has received that answer, byte for byte
      And the proxy's rows are:
        | prompt_tokens | completion_tokens |
        | 598           | 41                |

    Example: The same with carriage returns
      Given an upstream that streams its answer byte by byte, its lines ended by CRLF
      When the agent of W0-01 sends a body of its own layout
      Then the agent has received that answer, byte for byte
      And the proxy's rows are:
        | prompt_tokens | completion_tokens |
        | 598           | 41                |

    Scenario Outline: A stream in <ENCODING>
      Given an upstream that streams its answer in <ENCODING>
      When the agent of W0-01 sends a body of its own layout
      Then the agent has received that answer, byte for byte
      And the proxy's rows are:
        | prompt_tokens | completion_tokens |
        | 598           | 41                |

      Examples:
        | ENCODING |
        | gzip     |
        | br       |
        | zstd     |

  Rule: Impossible usage is unknown usage

    Scenario Outline: <TOKENS> tokens
      Given a proxy with an attempt at W0-01
      And an upstream that reports <TOKENS> tokens
      When the agent of W0-01 sends a body of its own layout
      Then the agent gets the status 200
      And the proxy's rows are:
        | prompt_tokens | completion_tokens |
        | null          | null              |

      Examples:
        | TOKENS        |
        | -5            |
        | 1.5           |
        | "many"        |
        | 9000000000000 |
        | null          |

  Rule: An invalid upstream

    Background:
      Given a proxy with an attempt at W0-01

    Example: It answers in HTML
      Given an upstream that answers in HTML with 502
      When the agent of W0-01 sends a body of its own layout
      Then the agent gets the status 502
      And the agent has received that answer, byte for byte
      And the proxy's rows are:
        | status | prompt_tokens | error      |
        | 502    | null          | http_error |

    Example: It never answers
      Given an upstream that never answers
      When the agent of W0-01 waits for 200 milliseconds and leaves
      Then the proxy's rows are:
        | status | prompt_tokens | is_client_gone | error       |
        | null   | null          | true           | client_left |
