Feature: Work that no meter can count
  The proxy knows the requests that it can meter and those that cost nothing. Under a budget it refuses all
  others. Without one they pass, and their rows say that nothing was counted.

  Rule: Under a budget, a request that is neither metered nor free is refused

    Scenario Outline: A request to <PATH>
      Given a proxy where "/implement" may take 4000 tokens
      When the agent of W0-01 sends a "POST" to "<PATH>"
      Then the agent gets the status 402
      And the agent reads "Work of this kind is not covered by the budget."
      And the upstream has received 0 requests

      Examples: Known work
        | PATH                                                    |
        | /v1/messages/batches                                    |
        | /v1/embeddings                                          |
        | /v1/images/generations                                  |
        | /v1beta/models/gemini-3-pro:batchGenerateContent        |
        | /v1beta/models/gemini-3-pro:embedContent                |

      Examples: Work of other servers
        | PATH                                                    |
        | /api/chat                                               |
        | /api/generate                                           |
        | /model/anthropic.claude-sonnet-4-5-v1:0/invoke          |
        | /v2/chat                                                |
        | /a/path/of/tomorrow                                     |

      Examples: Other spellings
        | PATH                                                    |
        | /v1/%62atches/                                          |
        | /v1/embeddings;x=1                                      |
        | /v1/embeddings%20                                       |
        | //v1//embeddings                                        |

    Example: The limit of the task alone
      Given a proxy with an attempt at W0-01 whose task may take 4000 tokens
      When the agent of W0-01 sends a "POST" to "/api/generate"
      Then the agent gets the status 402
      And the upstream has received 0 requests

    Example: The terminal says what was refused
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its proxy is open with "--overall-token-budget 4000"
      When the agent of "plain" asks for "/api/generate", and the proxy is closed
      Then it says "W0-01 asked for POST /api/generate, which no meter can count. It was refused, because a budget holds." on stderr

  Rule: A path is metered in every spelling

    Scenario Outline: <PATH>
      Given a proxy where "/implement" may take 6000 tokens
      And an upstream that answers in JSON of its own layout
      When the agent of W0-01 sends a "POST" to "<PATH>"
      Then the proxy's rows are:
        | prompt_tokens | completion_tokens |
        | 10            | 41                |

      Examples:
        | PATH                |
        | /v1/messages;x=1    |
        | /v1/messages%20     |
        | //v1//messages/     |
        | /V1/%6dessages?a=b  |

  Rule: What costs nothing passes under a budget

    Scenario Outline: <METHOD> <PATH>
      Given a proxy where "/implement" may take 4000 tokens
      When the agent of W0-01 sends a "<METHOD>" to "<PATH>"
      Then the agent gets the status 200
      And the proxy's rows are:
        | kind  |
        | other |

      Examples:
        | METHOD | PATH                                  |
        | GET    | /v1/models                            |
        | POST   | /api/event_logging/v2/batch           |
        | POST   | /v1/files                             |
        | POST   | /v1/messages/batches/b_1/cancel       |

  Rule: Without a budget, such a request passes, and its row says so

    Example: A path of another server
      Given a proxy with an attempt at W0-01
      When the agent of W0-01 sends a "POST" to "/api/generate"
      Then the agent gets the status 200
      And the proxy's rows are:
        | kind      |
        | unmetered |

    Example: The preview and the report count them
      Given an experiment that routes sub-agents to "glm", haiku to "small" and nothing else
      And its proxy is open
      And the agent of "plain" asks for "/api/generate", and the proxy is closed
      When I run "experiment preview --experiment manual"
      Then it prints "Requests that no meter can count: plain 1 passed. Their tokens are in no figure."

  Rule: An answer that does not state its usage is debited by its size

    Example: A run in which no answer does
      Given a small experiment whose upstream never says what it took
      And it has been run with ""
      When I run "experiment preview"
      Then every window has:
        | cost.is_lower_bound | true |
      And the rows of "anomaly_recorded" are:
        | kind           |
        | unstated-usage |
        | unstated-usage |
      And it prints "Answers that did not state their usage: in 2 windows."

    Example: The tokens of such a run are a lower bound
      Given a small experiment whose upstream never says what it took
      And it has been run with ""
      When I run "experiment report --json"
      Then it prints each of:
        | "text": "at least |
