Feature: Token-counting traps
  Vendors report the usage of an answer in different ways, and some report it twice. The proxy counts the
  true usage.

  Background:
    Given a proxy with an attempt at W0-01

  Rule: The totals of a Messages stream replace one another

    Scenario Outline: <VENDOR>
      Given an upstream whose stream begins with <OPENING> and continues with <DELTAS>
      When an agent asks it by "/v1/messages" for a stream
      Then its row's usage is <USAGE>, by the convention "cache_apart"

      Examples:
        | VENDOR                              | OPENING                | DELTAS                             | USAGE                                   |
        | Several deltas, never added up      | "in 10, out 1"         | "out 5; out 9; out 12"             | "in 10, out 12"                         |
        | Zeros at first, the truth at last   | "in 0, out 0"          | "in 120, read 80, out 7"           | "in 120, read 80, out 7"                |
        | The cache inside, and then apart    | "in 1000, read 800, out 0" | "in 200, read 800, out 7"      | "in 200, read 800, out 7"               |
        | Two lifetimes of what is cached     | "in 5, five 30, hour 60, out 1" | "out 9"                   | "in 5, five 30, hour 60, out 9"         |

    Example: The totals start again with every answer
      Given an upstream whose stream begins with "in 10, out 1" and continues with "out 9"
      When an agent asks it twice by "/v1/messages" for a stream
      Then the proxy's rows are:
        | prompt_tokens | completion_tokens |
        | 10            | 9                 |
        | 10            | 9                 |

  Rule: Cached tokens are subtracted if the vendor counts them as input

    Scenario Outline: <PATH>
      Given an upstream that says by "<PATH>" that 100 of its 130 input tokens were cached
      When an agent asks it by "<PATH>" for a stream
      Then its row's usage is "in 30, read 100, out 7", by the convention "cache_inside"
      And the proxy's rows are:
        | prompt_tokens | completion_tokens |
        | 130           | 7                 |

      Examples:
        | PATH                 |
        | /v1/responses        |
        | /v1/chat/completions |

  Rule: Gemini's methods are counted in each of their forms

    Scenario Outline: <FORM>
      Given an upstream that says in <FORM> that 100 of its 130 input tokens were cached, with 5 thoughts and 7 tokens
      When the agent of W0-01 sends a "POST" to "/v1beta/models/gemini-3-pro:<METHOD>"
      Then its row's usage is "in 30, read 100, out 12, think 5", by the convention "cache_inside"
      And the proxy's rows are:
        | model        | requested_model |
        | gemini-3-pro | gemini-3-pro    |

      Examples:
        | FORM         | METHOD                        |
        | one document | generateContent               |
        | events       | streamGenerateContent?alt=sse |
        | a JSON array | streamGenerateContent         |

    Example: An array that is cut
      Given an upstream that hangs up within a JSON array of Gemini's
      When the agent of W0-01 sends a "POST" to "/v1beta/models/gemini-3-pro:streamGenerateContent"
      Then the proxy's rows are:
        | is_stream_cut | completion_tokens |
        | true          | 3                 |

  Rule: Unreported usage is unknown, which is not zero

    Scenario Outline: <CASE>
      Given its prices are "{ model-a: { input: 3, output: 15 }, model-b: { input: 3, output: 15 } }"
      And an upstream that streams by "<PATH>" and <FAULT>
      When an agent asks it by "<PATH>" for a stream
      Then the proxy's rows are:
        | usage | prompt_tokens | completion_tokens | cost_usd | completion_tokens_estimate |
        | null  | null          | null              | null     | > 50                       |

      Examples:
        | CASE                                    | PATH                 | FAULT                     |
        | A Chat stream that was not asked for it | /v1/chat/completions | never says what it took   |
        | A Responses stream that is cut          | /v1/responses        | hangs up in the middle    |

  Rule: Compressed answers are counted too

    Scenario Outline: A client that accepts <ENCODING>
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

  Rule: A model without a price has an unknown cost, never 0

    Scenario Outline: <CASE>
      Given its prices are "<PRICES>"
      And an upstream whose stream begins with "<OPENING>" and continues with "out 9"
      When an agent asks it by "/v1/messages" for a stream
      Then the proxy's rows are:
        | status | model   | prompt_tokens   | completion_tokens | cost_usd |
        | 200    | model-a | <PROMPT_TOKENS> | 9                 | <COST>   |

      Examples:
        | CASE                                  | PRICES                                                    | OPENING                 | PROMPT_TOKENS | COST     |
        | Its own price                         | { model-a: { input: 3, output: 15 } }                     | in 10, out 1            | 10            | 0.000165 |
        | The price of another model            | { model-b: { input: 3, output: 15 } }                     | in 10, out 1            | 10            | null     |
        | Of one whose name begins alike        | { model: { input: 3, output: 15 } }                       | in 10, out 1            | 10            | null     |
        | A price of nothing is a price         | { model-a: { input: 0, output: 0 } }                      | in 10, out 1            | 10            | 0        |
        | Cached tokens without a price         | { model-a: { input: 3, output: 15 } }                     | in 10, read 90, out 1   | 100           | null     |
        | Cached tokens with their own          | { model-a: { input: 3, output: 15, cache_read: 0.3 } }    | in 10, read 90, out 1   | 100           | 0.000192 |
