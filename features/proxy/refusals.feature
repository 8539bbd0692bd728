Feature: Refusals
  A request refused by a budget is answered in its client's dialect, so that the client stops after one
  request and shows the sentence. A refused attempt stays refused.

  Rule: Each dialect has its hard stop

    Scenario Outline: <PATH>
      Given a proxy where "/implement" may take 0 tokens
      When an agent asks it by "<PATH>" for a stream
      Then the agent gets the status <STATUS>
      And the agent reads "Spending cap of implement reached. This run is over."
      And the answer's body is <BODY>
      And nothing in the answer suggests a retry
      And the upstream has received 0 requests

      Examples:
        | PATH                 | STATUS | BODY                              |
        | /v1/messages         | 402    | "error" of "billing_error"        |
        | /v1/responses        | 400    | an error of "invalid_request_error" |
        | /v1/chat/completions | 402    | an error of "invalid_request_error" |

    Scenario Outline: <KEY>, by <PATH>
      Given a proxy with an attempt at W0-01
      When <KEY> is used to ask by "<PATH>"
      Then the agent gets the status <STATUS>
      And the agent reads "<SENTENCE>"
      And nothing in the answer suggests a retry
      And the upstream has received 0 requests

      Examples:
        | KEY            | PATH                 | STATUS | SENTENCE                                   |
        | a foreign key  | /v1/messages         | 402    | This address is not open. This run is over. |
        | a foreign key  | /v1/responses        | 400    | This address is not open. This run is over. |
        | a foreign key  | /v1/chat/completions | 402    | This address is not open. This run is over. |
        | an expired key | /v1/messages         | 402    | This run is over.                          |
        | an expired key | /v1/responses        | 400    | This run is over.                          |
        | an expired key | /v1/chat/completions | 402    | This run is over.                          |

  Rule: Every request after a refusal is refused

    Scenario Outline: A sub-agent, and <WHAT>
      Given a proxy where "/implement" may take 0 tokens
      When the main agent asks, then a sub-agent, then by "<PATH>"
      Then the answers are <ANSWERS>
      And the upstream has received 0 requests
      And the ledger has one refusal by a budget

      Examples:
        | WHAT                        | PATH                      | ANSWERS       |
        | another dialect             | /v1/responses             | 402, 402, 400 |
        | a count, which takes nothing | /v1/messages/count_tokens | 402, 402, 402 |

    Example: A retry of a request that an overloaded upstream rejected
      Given a proxy with an attempt at W0-01
      And an upstream that answers 529 while a budget comes to refuse the attempt
      When an agent asks it twice by "/v1/messages" for a stream
      Then the answers are 529, 402
      And the upstream has received 1 request

  Rule: An upstream's own refusal passes, except a wait that stops clients for ever

    Scenario Outline: <STATUS> with <HEADER>
      Given a proxy with an attempt at W0-01
      And an upstream that answers <STATUS> with the header "<HEADER>"
      When the agent of W0-01 sends a body of its own layout
      Then the agent gets the status <STATUS>
      And the agent has received that answer, byte for byte
      And the agent reads the header "<HEADER>": <READ>

      Examples:
        | STATUS | HEADER                                     | READ |
        | 429    | retry-after: 3                             | yes  |
        | 429    | retry-after: 3600                          | no   |
        | 503    | retry-after: Fri, 31 Dec 2100 23:59:59 GMT | no   |
        | 429    | x-should-retry: false                      | yes  |
        | 429    | x-codex-promo-message: Later               | yes  |

  @slow
  Rule: Claude Code stops at the refusal

    Background:
      Given Claude Code is installed

    @spawn
    Example: At its first request
      Given a proxy where "/implement" may take 0 tokens
      When a user gives Claude Code the proxy's address
      Then it ends by itself and shows "Spending cap of implement reached. This run is over."
      And the refused requests are of "main"

    @spawn
    Example: In a sub-agent, and then in the main agent's next request
      Given a proxy where "/implement" may take 90000 tokens
      And an upstream that lets the agent start a sub-agent, at 95000 tokens
      When a user gives Claude Code the proxy's address
      Then it ends by itself and shows "Spending cap of implement reached. This run is over."
      And the refused requests are of "sub-agent, main"
      And the upstream has received 1 request

    @spawn
    Example: While it waits for a retry
      Given a proxy with an attempt at W0-01
      And an upstream that answers 529 while a budget comes to refuse the attempt
      When a user gives Claude Code the proxy's address
      Then it ends by itself and shows "Spending cap of implement reached. This run is over."
      And the upstream has received 1 request

  Rule: A flood of refused requests fills no ledger, and is counted to the last one

    @slow
    Example: An agent on the proxy that asks 30,000 times after its budget is spent
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its proxy is open with "--overall-token-budget 0"
      When the agent of plain is refused 30000 times, and the proxy is closed
      Then fewer than 150 rows count 30000 requests that a budget refused

    @slow
    Example: An agent in a run that never stops asking
      Given an agent of the user's own that asks again and again when its task's budget is spent
      When I run "experiment run"
      Then it ends with exit code 0
      And for each provider fewer than 150 rows count the requests that its report says were refused, more than 150
