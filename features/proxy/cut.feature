Feature: Ending a running stream
  By default a begun answer may finish, and its use beyond the cap is recorded. The hard cut ends it as soon
  as it shows that it has passed the cap.

  Rule: Without the hard cut a stream is never cut

    Example: An answer that uses more than its cap
      Given a proxy where "/implement" may take 6000 tokens
      And an upstream that streams 9000 tokens
      When an agent asks it by "/v1/messages" for a stream
      Then the agent has received that answer, byte for byte
      And 9100 tokens are debited for the request

  Rule: With the hard cut, a stream ends between two events, in the client's dialect

    Scenario Outline: A client of <PATH>
      Given a proxy where "/implement" may take 6000 tokens, and the cut is hard
      And an upstream that streams by "<PATH>" without end
      When an agent asks it by "<PATH>" for a stream
      Then its last event is <EVENT> with "Spending cap of implement reached. This run is over.", and every event before it is whole
      And the upstream's answer was broken off, and its row is cut with "budget_cut", and is debited at least 6000 tokens

      Examples:
        | PATH                 | EVENT                  |
        | /v1/messages         | "error billing_error"  |
        | /v1/responses        | "failed invalid_prompt" |
        | /v1/chat/completions | "invalid_request_error" |

    Example: A stream whose events arrive in pieces
      Given a proxy where "/implement" may take 6000 tokens, and the cut is hard
      And an upstream that streams by "/v1/messages" without end, in pieces of 7 bytes
      When an agent asks it by "/v1/messages" for a stream
      Then its last event is "error billing_error" with "Spending cap of implement reached. This run is over.", and every event before it is whole

    Example: Every later request is refused
      Given a proxy where "/implement" may take 6000 tokens, and the cut is hard
      And an upstream that streams by "/v1/messages" without end
      When an agent asks it twice by "/v1/messages" for a stream
      Then the agent gets the status 402
      And the agent reads "Spending cap of implement reached. This run is over."
      And the upstream has received 1 request

    Example: An answer that stays within its cap
      Given a proxy where "/implement" may take 20000 tokens, and the cut is hard
      And an upstream that streams 9000 tokens
      When an agent asks it by "/v1/messages" for a stream
      Then the agent has received that answer, byte for byte
      And 9100 tokens are debited for the request

  Rule: The real clients stop there, and show the sentence

    @spawn @slow
    Example: Claude Code
      Given Claude Code is installed
      And a proxy where "/implement" may take 90000 tokens, and the cut is hard
      And an upstream that streams by "/v1/messages" without end
      When a user gives Claude Code the proxy's address
      Then it ends by itself and shows "Spending cap of implement reached. This run is over."
      And the upstream has received 1 request
      And the model gets no second request

    @spawn @slow
    Example: Codex
      Given Codex is installed
      And a proxy where "/implement" may take 90000 tokens, and the cut is hard
      And an upstream that streams by "/v1/responses" without end
      When a user gives Codex the proxy's address
      Then it ends by itself and shows "Spending cap of implement reached. This run is over."
      And the upstream has received 1 request
      And the model gets no second request
