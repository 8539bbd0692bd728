Feature: Reading meters of GLM
  GLM has no pane. Its meters come from the JSON of the quota endpoint, or from a count that the operator keeps.
  No command fetches either.

  Rule: In the quota JSON, usage is the limit and currentValue is what was used

    Example: A plan that counts tokens
      When glm shows before "W0-07" at "2026-01-15T18:00:00Z":
        """
        {"code":200,"msg":"Operation successful","data":{"limits":[
          {"type":"TIME_LIMIT","unit":5,"number":1,"usage":100,"currentValue":102,"remaining":0,"percentage":100,
           "nextResetTime":1769508000000,"usageDetails":[{"modelCode":"search-prime","usage":95}]},
          {"type":"TOKENS_LIMIT","unit":6,"number":1,"usage":200000000,"currentValue":50000000,"percentage":25,"nextResetTime":1768953600000},
          {"type":"TOKENS_LIMIT","unit":3,"number":5,"usage":40000000,"currentValue":13628365,"percentage":34,"nextResetTime":1768507567547}
        ],"planName":"Pro"},"success":true}
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER       | USED     | UNIT    | LIMIT     | RESETS           |
        | monthly mcp | 100      | percent |           | 2026-01-27T10:00 |
        | weekly      | 50000000 | tokens  | 200000000 | 2026-01-21T00:00 |
        | 5h          | 13628365 | tokens  | 40000000  | 2026-01-15T20:06 |

    Example: A plan that counts credits, and a lite plan without numbers
      When glm shows before "W0-07" at "2026-01-15T18:00:00Z":
        """
        {"code":200,"data":{"limits":[
          {"type":"CREDIT_LIMIT","unit":3,"number":5,"usage":600,"currentValue":150,"percentage":25,"nextResetTime":1768507567547},
          {"type":"CREDIT_LIMIT","unit":6,"number":1,"percentage":7,"nextResetTime":1768953600000}
        ]},"success":true}
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER  | USED | UNIT    | LIMIT | RESETS           |
        | 5h     | 150  | credits | 600   | 2026-01-15T20:06 |
        | weekly | 7    | percent |       | 2026-01-21T00:00 |

    Scenario Outline: A limit <CASE> is not guessed
      When glm shows before "W0-07" at "2026-01-15T18:00:00Z":
        """
        {"code":200,"data":{"limits":[<LIMIT>]},"success":true}
        """
      Then it ends with exit code <CODE>
      And the last row of "snapshot_taken" has:
        | errors | <ERROR> |

      Examples:
        | CASE                             | CODE | LIMIT                                                                                                                   | ERROR                                                                                                                 |
        | of an unknown period             | 1    | {"type":"TOKENS_LIMIT","unit":4,"number":2,"percentage":3}                                                              | TOKENS_LIMIT: expected unit 3 (hours) or 6 (weeks), got unit 4, number 2.                                             |
        | of an unknown kind               | 1    | {"type":"MOON_LIMIT","unit":3,"number":5,"percentage":3}                                                                | MOON_LIMIT: expected TOKENS_LIMIT, CREDIT_LIMIT or TIME_LIMIT.                                                        |
        | without a figure                 | 1    | {"type":"TOKENS_LIMIT","unit":3,"number":5,"nextResetTime":1768507567547}                                               | 5h: expected percentage, or usage and currentValue, got neither.                                                      |
        | with figures that contradict     | 1    | {"type":"TOKENS_LIMIT","unit":3,"number":5,"usage":100,"currentValue":90,"percentage":10,"nextResetTime":1768507567547} | 5h: expected a percentage of about 90 for currentValue 90 of usage 100, got 10.                                       |
        | with a reset in seconds          | 0    | {"type":"TOKENS_LIMIT","unit":3,"number":5,"percentage":34,"nextResetTime":1768507567}                                  | 5h: reset-implausible: expected a reset within 300 minutes of 2026-01-15T18:00:00.000Z, got 1970-01-21T11:15:07.567Z. |
        | without a reset, although it ran | 0    | {"type":"TOKENS_LIMIT","unit":3,"number":5,"percentage":34}                                                             | 5h: expected a reset, got none.                                                                                       |

    Example: A refusal of the endpoint
      When glm shows before "W0-07" at "2026-01-15T18:00:00Z":
        """
        {"code":401,"msg":"token expired or incorrect","success":false}
        """
      Then it ends with exit code 1
      And the last row of "snapshot_taken" has:
        | errors | The quota endpoint refused with code 401: "token expired or incorrect". Ask it with the key of the account. |

    Example: Before and after a window
      Given the quota JSON of glm was taken before "W0-07" with 1000 of 4000 tokens used
      When the quota JSON of glm is taken after "W0-07" with 1600 of 4000 tokens used
      Then the readings of "W0-07" say:
        | METER | BEFORE | AFTER | DELTA | FLAG |
        | 5h    | 1000   | 1600  | 600   |      |

  Rule: A count that the operator keeps is a meter of prompts

    Example: Counts with and without their window
      When glm shows before "W0-07" at "10:00":
        """
        prompts used 12 of 30
        5h prompts used 7 of 20 (resets 13:01)
        Weekly: prompts used 40 (resets 21:11 on 25 Oct)
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER   | USED | UNIT    | LIMIT | RESETS           |
        | prompts | 12   | prompts | 30    |                  |
        | 5h      | 7    | prompts | 20    | 2025-10-19T13:01 |
        | weekly  | 40   | prompts |       | 2025-10-25T21:11 |

    Scenario Outline: The reset of "<COUNT>" is kept without a window
      When glm shows before "W0-07" at "10:00":
        """
        <COUNT>
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER   | USED | UNIT    | LIMIT | RESETS   |
        | prompts | 12   | prompts | 120   | <RESETS> |

      Examples:
        | COUNT                                           | RESETS           |
        | prompts used 12 of 120 (resets 20:00)           | 2025-10-19T20:00 |
        | prompts used 12 of 120 (resets 09:30)           | 2025-10-20T09:30 |
        | prompts used 12 of 120 (resets 21:11 on 25 Oct) | 2025-10-25T21:11 |

    Example: A reset without a window that can't be read
      When glm shows before "W0-07" at "10:00":
        """
        prompts used 12 of 120 (resets soon)
        """
      Then it ends with exit code 0
      And the last row of "snapshot_taken" has:
        | errors | prompts: expected a reset, got none that can be read. |

    Example: A count that was reset between its readings
      Given glm shows before "W0-07" at "10:00":
        """
        prompts used 12 of 120 (resets 10:30)
        """
      When glm shows after "W0-07" at "11:00":
        """
        prompts used 20 of 120 (resets 15:30)
        """
      Then the readings of "W0-07" say:
        | METER   | BEFORE | AFTER | DELTA | FLAG          |
        | prompts | 12     | 20    | null  | reset-crossed |

    Example: A file of the operator's own
      When glm shows before "W0-07" at "10:00":
        """
        {"account":"main","generated_at":"2025-10-19T09:58:00Z","blocks":[{"prompts_used":12}]}
        """
      Then it ends with exit code 0
      And the last reading has the meters:
        | METER   | USED | UNIT    | LIMIT | RESETS |
        | prompts | 12   | prompts |       |        |

    Scenario Outline: The count "<COUNT>" is above its limit
      When glm shows before "W0-07" at "10:00":
        """
        <COUNT>
        """
      Then it ends with exit code 0
      And the last row of "snapshot_taken" has:
        | notes | …<NOTE>… |

      Examples:
        | COUNT                                 | NOTE                                                       |
        | prompts used 31 of 30                 | prompts: more was used than the limit: 31 of 30 prompts.   |
        | 5h prompts used 3 of 0 (resets 13:01) | 5h: more was used than the limit: 3 of 0 prompts.          |

    Scenario Outline: The count "<COUNT>" is not guessed
      When glm shows before "W0-07" at "10:00":
        """
        <COUNT>
        """
      Then it ends with exit code 1
      And the last row of "snapshot_taken" has:
        | errors | <ERROR> |

      Examples:
        | COUNT                                              | ERROR                                                                            |
        | prompts used twelve                                | expected a count such as "prompts used 12 of 30", got "prompts used twelve".     |
        | prompts used 1,200                                 | expected a count such as "prompts used 12 of 30", got "prompts used 1,200".      |
        | soon prompts used 3 of 9                           | "soon": expected a duration such as 5h or Weekly before the count.               |
        | nothing to see                                     | Expected the quota JSON or a count such as "prompts used 12 of 30", got neither. |
        | {"blocks":[{"prompts_used":1},{"prompts_used":2}]} | Expected one block with prompts_used, got 2.                                     |
