Feature: Recording and replay
  On request the proxy keeps all traffic, without credentials, and can replay it at no cost.

  Rule: A replay answers with the same bytes and sends nothing

    Example: The same request again
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And the main agent of plain has been recorded in "recording" asking for "claude-sonnet-4-5"
      When the main agent of plain asks a replay of "recording" for "claude-sonnet-4-5"
      Then it gets the recorded answer, byte for byte
      And "vendor" has received 1 request

    Example: More requests than were recorded
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And the main agent of plain has been recorded in "recording" asking for "claude-sonnet-4-5"
      When a sub-agent of plain asks a replay of "recording" for "claude-sonnet-4-5"
      Then the agent reads "The recording has no answer. This run is over."
      And "vendor" has received 1 request

    Example: A folder that holds no recording
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      When I run "experiment proxy --replay recording"
      Then it ends with exit code 2
      And it says "expected a folder of recorded exchanges, found none" on stderr

  Rule: A request that differs from the recording is reported

    Background:
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else

    Example: An exchange that is missing in the middle
      Given plain's agents have been recorded in "recording" asking:
        | SENDER | PATH         | MODEL  | MESSAGES |
        | main   | /v1/messages | opus-9 | 1        |
        | main   | /v1/messages | opus-9 | 3        |
        | main   | /v1/messages | opus-9 | 5        |
      And "recording/000002.json" is removed
      When they ask a replay of "recording":
        | SENDER | PATH         | MODEL  | MESSAGES |
        | main   | /v1/messages | opus-9 | 1        |
        | main   | /v1/messages | opus-9 | 3        |
        | main   | /v1/messages | opus-9 | 5        |
      Then they get the recorded answers "1, 3, none"
      And it says "POST /v1/messages by the main agent (opus-9, 3 messages) is answered by 000003.json, which was recorded for POST /v1/messages: opus-9, 5 messages." on stderr
      And it says "The recording has no answer to POST /v1/messages by the main agent (opus-9, 5 messages). Next in it: nothing." on stderr

    Scenario Outline: <CASE>
      Given plain's agents have been recorded in "recording" asking:
        | SENDER | PATH         | MODEL  | MESSAGES |
        | main   | /v1/messages | opus-9 | 1        |
      When they ask a replay of "recording":
        | SENDER | PATH   | MODEL   | MESSAGES   |
        | main   | <PATH> | <MODEL> | <MESSAGES> |
      Then they get the recorded answers "<ANSWER>"
      And it says "<SAYS>" on stderr

      Examples:
        | CASE                   | PATH                   | MODEL      | MESSAGES | ANSWER | SAYS                                                                                         |
        | Another model          | /v1/messages           | opus-8     | 1        | 1      | (opus-8, 1 message) is answered by 000001.json                                               |
        | More messages          | /v1/messages           | opus-9     | 3        | 1      | (opus-9, 3 messages) is answered by 000001.json                                              |
        | Another query          | /v1/messages?beta=true | opus-9     | 1        | 1      | POST /v1/messages?beta=true by the main agent (opus-9, 1 message) is answered by 000001.json |
        | Another language       | /v1/chat/completions   | opus-9     | 1        | none   | Next in it: 000001.json (POST /v1/messages: opus-9, 1 message).                              |
        | A name that is no text | /v1/messages           | \u001b[31m | 1        | 1      | (\u001b[31m, 1 message) is answered by 000001.json                                           |

    Example: Sub-agents at once, in another order and under other names
      Given plain's agents have been recorded in "recording" asking:
        | SENDER | PATH         | MODEL  | MESSAGES | WORDS |
        | a1     | /v1/messages | opus-9 | 1        | write |
        | a2     | /v1/messages | opus-9 | 1        | read  |
        | a1     | /v1/messages | opus-9 | 3        | go on |
        | a2     | /v1/messages | opus-9 | 3        | go on |
      When they ask a replay of "recording":
        | SENDER | PATH         | MODEL  | MESSAGES | WORDS |
        | b1     | /v1/messages | opus-9 | 1        | read  |
        | b1     | /v1/messages | opus-9 | 3        | go on |
        | b2     | /v1/messages | opus-9 | 1        | write |
        | b2     | /v1/messages | opus-9 | 3        | go on |
      Then they get the recorded answers "2, 4, 1, 3"
      And it says nothing on stderr

    Example: A new sub-agent matches a recorded one that is still free
      Given plain's agents have been recorded in "recording" asking:
        | SENDER | PATH         | MODEL  | MESSAGES | WORDS |
        | a1     | /v1/messages | opus-9 | 1        | write |
        | a1     | /v1/messages | opus-9 | 1        | write |
        | a2     | /v1/messages | opus-9 | 1        | read  |
      When they ask a replay of "recording":
        | SENDER | PATH         | MODEL  | MESSAGES | WORDS |
        | b1     | /v1/messages | opus-9 | 1        | write |
        | b2     | /v1/messages | opus-9 | 1        | look  |
      Then they get the recorded answers "1, 3"

  Rule: A recording contains no credential

    Example: Keys of the agent, the provider and the proxy
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And the main agent of plain has been recorded in "recording" asking for "claude-sonnet-4-5"
      When I look into "recording"
      Then it holds the request's body, and neither "sk-of-the-agent" nor "sk-of-vendor" nor the attempt's key

    Scenario Outline: Keys quoted by an answer in <ENCODING>
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its upstreams answer in <ENCODING>, and quote "sk-of-the-agent" and "sk-of-vendor"
      And the main agent of plain has been recorded in "recording" asking for "claude-sonnet-4-5"
      When the main agent of plain asks a replay of "recording" for "claude-sonnet-4-5"
      Then it gets the recorded answer, unpacked and with "***************" and "************" for the keys
      And "recording" holds neither "sk-of-the-agent" nor "sk-of-vendor"

      Examples:
        | ENCODING |
        | gzip     |
        | br       |
        | zstd     |
        | deflate  |

    Example: An answer in an unknown encoding
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its upstreams answer in x-own, and quote "sk-of-the-agent" and "sk-of-vendor"
      And the main agent of plain has been recorded in "recording" asking for "claude-sonnet-4-5"
      When the main agent of plain asks a replay of "recording" for "claude-sonnet-4-5"
      Then the agent reads "The model's server gave no answer."
      And "recording" holds neither "sk-of-the-agent" nor "sk-of-vendor"

    Example: A key in the address, as some clients send it
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its upstreams answer in gzip, and quote "sk-in-the-address" and "sk-of-vendor"
      And the main agent of plain has been recorded in "recording" asking by "/v1/messages?key=sk-in-the-address&beta=true"
      When the main agent of plain asks a replay of "recording" by "/v1/messages?key=sk-of-another-day&beta=true"
      Then it gets the recorded answer, unpacked and with "*****************" and "************" for the keys
      And it says nothing on stderr
      And "recording" holds neither "sk-in-the-address" nor "sk-of-vendor"

    Example: A replay prints no credential either
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And the main agent of plain has been recorded in "recording" asking by "/v1/messages?key=sk-in-the-address&beta=true"
      When the main agent of plain asks a replay of "recording" by "/v1/messages?key=sk-of-another-day&beta=false"
      Then it says "POST /v1/messages?key=[redacted]&beta=false by the main agent" on stderr
      And it does not say "sk-" on stderr

  Rule: A whole session can be replayed at no cost

    @slow
    Example: The same windows and tokens, without a key
      Given a small experiment on a scripted model that keeps count
      And it has been recorded in "recording"
      And the variable SPEC_PROVIDER_KEY is ""
      When I run "experiment run --replay recording --data-dir again --replay-timing original"
      Then the scripted model has received no further request
      And the rows in "again" and the ends of its windows are the recorded ones, but for the method "agent-cli-on-a-replay"

    @spawn @slow
    Example: An agent whose requests name folders, dates and sessions of their own
      Given Claude Code is installed
      And a model server that keeps count of what it deals
      And an experiment of "lru-cache" with two "claude-code" providers on that server
      And it has been recorded in "recording"
      When I run "experiment run --replay recording --data-dir again"
      Then the rows in "again" and the ends of its windows are the recorded ones, but for the method "agent-cli-on-a-replay"

    @slow
    Example: A recording that ends before the session does
      Given a small experiment
      And it has been run with "--record .experiment/recording"
      And the last exchange of ".experiment/recording" is lost
      When I run "experiment run --replay .experiment/recording --data-dir again"
      Then it ends with exit code 1
      And it says "The recording has no answer to POST /v1/messages by the main agent of " on stderr
      And every agent's last answer in "again" is a hard stop, once

    @slow
    Example: A recording that has lost an exchange in the middle of a window
      Given a small experiment
      And it has been run with "--record .experiment/recording"
      And ".experiment/recording/000002.json" is removed
      When I run "experiment run --replay .experiment/recording --data-dir again"
      Then it ends with exit code 0
      And it says " in W0-01 (model-b, 3 messages) is answered by 000003.json, which was recorded for POST /v1/messages: model-b, 5 messages." on stderr

    Scenario Outline: <FAULT>
      Given a small experiment
      When I run "experiment run <OPTIONS>"
      Then it ends with exit code 2
      And it says "<SAYS>" on stderr
      And nothing is written

      Examples:
        | FAULT                        | OPTIONS                                 | SAYS                                                            |
        | Both at once                 | --record recording --replay recording   | cannot be used with option '--record <folder>'                  |
        | A folder without a recording | --replay recording                      | expected a folder of recorded exchanges                         |
        | Another timing               | --replay recording --replay-timing fast | argument 'fast' is invalid. Allowed choices are original, zero. |
        | A timing of nothing          | --replay-timing zero                    | --replay-timing: expected --replay with it                      |

  Rule: Keys that an agent quotes are not kept either

    @slow
    Example: An agent that prints its environment
      Given a small experiment whose upstream requests the agent's environment
      And it has been recorded in "recording"
      When I look into "recording"
      Then it holds what the agent printed, and neither its key nor the provider's
