Feature: Passing requests through
  The proxy is between an agent and its model, and neither notices it. It counts, and leaves every byte
  unchanged, with one exception: it asks for the usage of a Chat stream if the agent does not.

  Rule: Bytes pass unchanged in both directions

    Background:
      Given a proxy with an attempt at W0-01

    Example: A request and its answer
      Given an upstream that answers in JSON of its own layout
      When the agent of W0-01 sends a body of its own layout
      Then the upstream has received that body, byte for byte
      And the agent has received that answer, byte for byte

    Example: A compressed answer
      Given an upstream that answers in gzip
      When the agent of W0-01 sends a body of its own layout
      Then the agent has received that answer, byte for byte
      And the proxy's rows are:
        | prompt_tokens | completion_tokens |
        | 10            | 41                |

    Example: An error of the upstream
      Given an upstream that answers 529 with "Overloaded, at this very moment"
      When the agent of W0-01 sends a body of its own layout
      Then the agent gets the status 529
      And the agent has received that answer, byte for byte

  Rule: A Chat stream is asked for its usage, which its agent does not see

    Example: A stream that states its usage only if it is asked
      Given a proxy with an attempt at W0-01
      And an upstream that says by "/v1/chat/completions" that 100 of its 130 input tokens were cached
      When an agent asks it by "/v1/chat/completions" for a stream
      Then the upstream's requests are:
        | body                                                                        |
        | {"model":"model-a","stream":true,"stream_options":{"include_usage":true}} |
      And the proxy's rows are:
        | prompt_tokens | completion_tokens |
        | 130           | 7                 |
      And the agent has received that answer without the chunk of its usage

  Rule: Bytes are passed on at once

    Example: A stream whose second event waits for the first to arrive
      Given a proxy with an attempt at W0-01
      And an upstream that continues its stream only when the agent has received it so far
      When the agent of W0-01 sends a body of its own layout
      Then the agent has received that answer, byte for byte
      And the upstream never waited for an agent in vain

  Rule: A key belongs to one attempt, and is not part of the request

    Example: Each attempt has a key of its own
      Given a proxy with an attempt at W0-01
      And an attempt at W0-02
      When the agents of W0-01 and W0-02 ask the model
      Then the keys of W0-01 and W0-02 differ
      And the proxy's rows are:
        | window |
        | W0-01  |
        | W0-02  |

    Example: The upstream sees the path without the key
      Given a proxy with an attempt at W0-01
      When the agent of W0-01 sends a "POST" to "/v1/messages?beta=true"
      Then the upstream's requests are:
        | method | url |
        | POST | /v1/messages?beta=true |
      And the upstream has never seen the key of W0-01

    Example: An unknown key
      Given a proxy with an attempt at W0-01
      When a client asks the model with the key "00000000-0000-4000-8000-000000000000"
      Then the agent gets the status 402
      And the agent reads "This address is not open. This run is over."
      And the upstream has received 0 requests
      And there is no row

    Example: The key of an ended attempt
      Given a proxy with an attempt at W0-01
      And that attempt is over
      When the agent of W0-01 sends a "POST" to "/v1/messages"
      Then the agent gets the status 402
      And the agent reads "This run is over."
      And the upstream has received 0 requests
      And the proxy's rows are:
        | refused_by |
        | closed     |

  Rule: Every other path passes too, and does not count as a prompt

    Scenario Outline: <METHOD> <PATH>
      Given a proxy with an attempt at W0-01
      When the agent of W0-01 sends a "<METHOD>" to "<PATH>"
      Then the upstream's requests are:
        | method | url |
        | <METHOD> | <PATH> |
      And the agent gets the status 200
      And its row is of the kind "<KIND>" and reserves nothing

      Examples:
        | METHOD | PATH                      | KIND         |
        | POST   | /v1/messages/count_tokens | count_tokens |
        | GET    | /v1/models?limit=5        | other        |
        | POST   | /api/event_logging/batch  | other        |
        | GET    | /                         | other        |

  Rule: A credential goes only where it belongs

    Example: A configured key replaces the client's own
      Given a proxy that puts in the key "sk-of-the-provider" for W0-01
      When the agent of W0-01 asks with the credential "sk-of-the-agent"
      Then the upstream's requests are:
        | headers.x-api-key |
        | sk-of-the-provider |
      And the upstream has received "sk-of-the-agent" in no header

    Example: An inherited log-in passes
      Given a proxy with an attempt at W0-01
      When the agent of W0-01 asks with the credential "sk-of-the-agent"
      Then the upstream's requests are:
        | headers.authorization |
        | Bearer sk-of-the-agent |

    Example: No row contains a credential
      Given a proxy that puts in the key "sk-of-the-provider" for W0-01
      When the agent of W0-01 asks with the credential "sk-of-the-agent"
      Then no row holds "sk-of-the-provider" or "sk-of-the-agent"

    @slow
    Example: The provider's key reaches the upstream, and neither the agent nor a file of the run
      Given a small experiment whose upstream requests the agent's environment
      When I run "experiment run"
      Then it ends with exit code 0
      And every request had the provider's key, which neither the agent, nor a file of the run, nor its output has seen
