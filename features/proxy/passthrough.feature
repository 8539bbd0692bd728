Feature: Passing requests through
  The proxy stands between an agent and its model without either of them being able to tell: it
  counts, and leaves every byte as it is.

  Rule: Bytes pass untouched, both ways

    Background:
      Given a proxy with an attempt at W0-01

    Example: A request and its answer
      Given an upstream that answers in JSON of its own layout
      When the agent of W0-01 sends a body of its own layout
      Then the upstream has received that body, byte for byte
      And the agent has received that answer, byte for byte

    Example: An answer that is compressed
      Given an upstream that answers in gzip
      When the agent of W0-01 sends a body of its own layout
      Then the agent has received that answer, byte for byte
      And its row counts 10 prompt tokens and 41 completion tokens

    Example: An error of the upstream's
      Given an upstream that answers 529 with "Overloaded, at this very moment"
      When the agent of W0-01 sends a body of its own layout
      Then the agent is answered 529
      And the agent has received that answer, byte for byte

  Rule: What comes is passed on at once

    Example: A stream whose second event waits for the first to arrive
      Given a proxy with an attempt at W0-01
      And an upstream that goes on with its stream only when the agent has what was sent so far
      When the agent of W0-01 sends a body of its own layout
      Then the agent has received that answer, byte for byte
      And the upstream never had to wait in vain

  Rule: A key stands for one attempt, and is no part of what is asked

    Example: Each attempt has a key of its own
      Given a proxy with an attempt at W0-01
      And an attempt at W0-02
      When the agents of W0-01 and W0-02 ask the model
      Then the keys of W0-01 and W0-02 differ
      And there is one row of W0-01 and one of W0-02

    Example: The upstream sees the path without the key
      Given a proxy with an attempt at W0-01
      When the agent of W0-01 sends a "POST" to "/v1/messages?beta=true"
      Then the upstream has received a "POST" of "/v1/messages?beta=true"
      And the upstream has seen the key of W0-01 nowhere

    Example: A key that nobody gave out
      Given a proxy with an attempt at W0-01
      When somebody asks the model with the key "00000000-0000-4000-8000-000000000000"
      Then the agent is answered 402
      And the agent reads "This address is not open. This run is over."
      And the upstream has received nothing
      And there is no row

    Example: A key whose attempt is over
      Given a proxy with an attempt at W0-01
      And that attempt is over
      When the agent of W0-01 sends a "POST" to "/v1/messages"
      Then the agent is answered 402
      And the agent reads "This run is over."
      And the upstream has received nothing
      And its row says that "closed" has refused it

  Rule: Any other path passes as well, and counts as no prompt

    Scenario Outline: <METHOD> <PATH>
      Given a proxy with an attempt at W0-01
      When the agent of W0-01 sends a "<METHOD>" to "<PATH>"
      Then the upstream has received a "<METHOD>" of "<PATH>"
      And the agent is answered 200
      And its row is of the kind "<KIND>" and reserves nothing

      Examples:
        | METHOD | PATH                      | KIND         |
        | POST   | /v1/messages/count_tokens | count_tokens |
        | GET    | /v1/models?limit=5        | other        |
        | POST   | /api/event_logging/batch  | other        |
        | GET    | /                         | other        |

  Rule: A credential goes where it belongs, and nowhere else

    Example: A configured key is put in, and the client's own taken out
      Given a proxy that puts in the key "sk-of-the-provider" for W0-01
      When the agent of W0-01 asks with the credential "sk-of-the-agent"
      Then the upstream has received the header "x-api-key" with "sk-of-the-provider"
      And the upstream has received "sk-of-the-agent" in no header

    Example: An inherited log-in passes
      Given a proxy with an attempt at W0-01
      When the agent of W0-01 asks with the credential "sk-of-the-agent"
      Then the upstream has received the header "authorization" with "Bearer sk-of-the-agent"

    Example: No credential is in a row
      Given a proxy that puts in the key "sk-of-the-provider" for W0-01
      When the agent of W0-01 asks with the credential "sk-of-the-agent"
      Then no row holds "sk-of-the-provider" or "sk-of-the-agent"

    Example: The provider's key reaches the upstream, and neither the agent nor a file of the run
      Given a small experiment whose upstream asks the agent for its environment
      When it is run on that upstream
      Then it ends with exit code 0
      And every request has come with the provider's key
      And the agent's environment, as it told the upstream, has a key but not that one
      And that key is in no file of the run, and in nothing that it printed
