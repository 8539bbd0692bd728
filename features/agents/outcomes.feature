Feature: How windows end
  Whatever an agent or its provider does, its window ends with one of the documented outcomes, and the
  session continues with the next window.

  Rule: The agent's own behaviour is graded

    @spawn
    Scenario Outline: The agent <DOES>
      Given a "claude" on the PATH that <DOES>
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And the first window has:
        | outcome | <OUTCOME>  |
        | reason  | …<REASON>… |
      And the second window has:
        | outcome | pass |
      And no process of the run is alive

      Examples:
        | DOES                            | OUTCOME | REASON                  |
        | asks the model and exits with 3 | crashed | the agent exited with 3 |

      @slow
      Examples:
        | DOES                                       | OUTCOME  | REASON                          |
        | asks the model and leaves a process behind | fail     |                                 |
        | never asks the model                       | no_spend | Not one request reached a model |
        | asks the model and dies of a signal        | crashed  | the agent                       |
        | asks the model and floods its output       | crashed  | it flooded its output           |

    @spawn
    Scenario Outline: The agent <DOES> until a limit of time ends it
      Given a "claude" on the PATH that <DOES>
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      And <PASS> minutes pass after the next answer, and <IDLE> without a sign are too many
      When I run "experiment run"
      Then it ends with exit code 0
      And the first window has:
        | outcome | timed_out  |
        | reason  | …<REASON>… |
      And no process of the run is alive

      Examples:
        | DOES                            | IDLE | PASS | REASON                                 |
        | asks the model and falls silent | 5    | 10   | after it had done nothing for too long |

      @slow
      Examples:
        | DOES                                  | IDLE | PASS | REASON                             |
        | asks the model and prints without end | 60   | 31   | stopped at the window's time limit |

    @spawn
    Example: The work of a crashed agent is graded
      Given a "claude" on the PATH that solves the task and exits with 3
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And the first window has:
        | outcome | crashed |
        | quality | 1       |
      And the first window counts 130 tokens

    @spawn @slow
    Example: A stopped agent can still write its last output
      Given a "claude" on the PATH that asks the model and says goodbye when interrupted
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      And 10 minutes pass after the next answer, and 5 without a sign are too many
      When I run "experiment run"
      Then it ends with exit code 0
      And the first window has:
        | outcome | timed_out                                |
        | reason  | …after it had done nothing for too long… |
      And the capture of the first window holds "goodbye"

    @spawn @slow
    Example: An agent that sent no request is missing, not failed
      Given a "claude" on the PATH that never asks the model
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And the first window has:
        | outcome   | no_spend |
        | quality   | null     |
        | scenarios | []       |
      And the ledger has 0 rows of "window_interrupted"
      And it says "Tasks without a complete pair: 1. Work them again with: experiment run --seed " on stderr

  Rule: A provider's failure is retried, and the third failure is final as missing

    @spawn
    Scenario Outline: The provider <FAILS>
      Given a model server that <FAILS>
      And a "claude" on the PATH that asks the model and exits with 1
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And the rows of "windows" are:
        | record             | window | attempt | outcome   | quality |
        | window_opened      | W0-01  | 1       | none      | none    |
        | window_interrupted | W0-01  | 1       | <OUTCOME> | none    |
        | window_opened      | W0-01  | 2       | none      | none    |
        | window_interrupted | W0-01  | 2       | <OUTCOME> | none    |
        | window_opened      | W0-01  | 3       | none      | none    |
        | window_finalized   | W0-01  | 3       | <OUTCOME> | null    |
        | window_opened      | W0-02  | 1       | none      | none    |
        | window_finalized   | W0-02  | 1       | pass      | 1       |

      Examples:
        | FAILS                | OUTCOME        |
        | answers 500 for ever | infrastructure |

      @slow
      Examples:
        | FAILS                | OUTCOME        |
        | answers 400 for ever | infrastructure |
        | takes no connection  | infrastructure |

    @spawn
    Example: A bad request at the end says nothing about the provider
      Given a model server that answers once and then 404
      And a "claude" on the PATH that asks the model twice and exits with 0
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And the first window has:
        | outcome | fail |
      And the ledger has 0 rows of "window_interrupted"

    @spawn
    Example: An answer breaks off after a good one, and the agent gives up
      Given a model server that breaks off its second answer
      And a "claude" on the PATH that solves the task if the model answers twice
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And the rows of "windows" are:
        | record             | window | attempt | outcome        | reason                                                            |
        | window_opened      | W0-01  | 1       | none           | none                                                              |
        | window_interrupted | W0-01  | 1       | infrastructure | The agent gave up after a broken answer (UND_ERR_SOCKET).          |
        | window_opened      | W0-01  | 2       | none           | none                                                              |
        | window_finalized   | W0-01  | 2       | pass           | null                                                              |
        | window_opened      | W0-02  | 1       | none           | none                                                              |
        | window_finalized   | W0-02  | 1       | pass           | null                                                              |

    @spawn @slow
    Scenario Outline: A real client <DOES> when one answer of its model <BREAKS>
      Given the client "<CLIENT>" is installed
      And a model server that keeps count of what it deals, whose second answer <BREAKS>
      And an experiment of "lru-cache" with two "<DRIVER>" providers on that server
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And the first window has:
        | outcome         | pass      |
        | quality         | 1         |
        | attempt         | <ATTEMPT> |
        | requests.errors | <ERRORS>  |

      Examples:
        | CLIENT | DRIVER      | DOES                           | BREAKS                     | ATTEMPT | ERRORS |
        | claude | claude-code | asks again                     | says that it is overloaded | 1       | 1      |
        | gemini | gemini      | ends, and is started once more | breaks off                 | 2       | 0      |

    @spawn @slow
    Example: The provider comes back
      Given a model server that answers 503 once
      And a "claude" on the PATH that solves the task if the model answers
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And the first window has:
        | outcome                   | pass |
        | attempt                   | 2    |
        | earlier_attempts.attempts | 1    |
      And each attempt has one end in the ledger

  Rule: A provider's limit is waited for, and counts no attempt

    @spawn @slow
    Example: The answers say when it resets
      Given a model server that answers 429 three times and resets in a second
      And a "claude" on the PATH that solves the task if the model answers
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And the first window has:
        | outcome                   | pass |
        | attempt                   | 4    |
        | earlier_attempts.attempts | 3    |

    @spawn
    Example: Until the reset, windows continue that need another provider next
      Given a model server that answers 429 and resets in 5 hours
      And a "claude" on the PATH that asks the model and exits with 1
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      And its file has:
        | tasks.replicates | 2 |
      And "experiment run" runs until it says "resets."
      When the waiting run is interrupted
      Then it ends with exit code 130, and "builtin-agent" alone has ended a window

    @spawn @slow
    Example: They continue, too, if the answers do not say when it resets
      Given a model server that answers 429 twice without a reset
      And a "claude" on the PATH that solves the task if the model answers
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      And its file has:
        | tasks.replicates | 2 |
      When I run "experiment run"
      Then every window has:
        | outcome | pass |
      And "builtin-agent" has ended a window before the first window

    @spawn
    Example: A wait of hours is shown, and can be interrupted
      Given a model server that answers 429 and resets in 5 hours
      And a "claude" on the PATH that asks the model and exits with 1
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      And "experiment run" runs until it says "resets."
      When the waiting run is interrupted
      Then it ends with exit code 130
      And it says "W0-01 waits 5 h, until 20" on stderr

    @spawn @slow
    Example: The answers do not say when it resets
      Given a model server that answers 429 for ever
      And a "claude" on the PATH that asks the model and exits with 1
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 1
      And it says "3 times in a row that its limit is reached (429), and did not say until when. Continue with: experiment run --seed " on stderr
      And no window is final

  Rule: What no further window can mend stops its provider and the pairs that need it

    @spawn
    Scenario Outline: The provider answers <STATUS>
      Given a model server that answers <STATUS> for ever
      And a "claude" on the PATH that asks the model and exits with 1
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 1
      And it says "refused the credential (status <STATUS>). Mend this. Continue with: experiment run --seed " on stderr
      And the rows of "windows" are:
        | record             |
        | window_opened      |
        | window_interrupted |

      Examples:
        | STATUS |
        | 401    |

      @slow
      Examples:
        | STATUS |
        | 403    |

    @spawn
    Example: The provider does not know its model
      Given a model server that answers 404 for ever
      And a "claude" on the PATH that asks the model and exits with 1
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 1
      And it says 'claude-code: The provider does not know the model "any" (status 404, not_found_error).' on stderr
      And the rows of "windows" are:
        | record             |
        | window_opened      |
        | window_interrupted |

    @spawn
    Example: A model whose name the agent has invented fails its request alone
      Given a model server that answers 404 once
      And a "claude" on the PATH that asks an invented model and solves the task
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And the first window has:
        | outcome | pass |
        | attempt | 1    |

    @spawn
    Example: The agent can't be run
      Given a "claude" on the PATH that lacks a program and exits with 127
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 1
      And it says 'it exited with 127 before its first request. Its last line: "env: ' on stderr
      And the rows of "windows" are:
        | record             |
        | window_opened      |
        | window_interrupted |

    @spawn @slow
    Example: The provider answered before
      Given a model server that answers once and then 401
      And a "claude" on the PATH that asks the model twice and exits with 0
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      And its file has:
        | tasks.replicates | 2 |
      When I run "experiment run"
      Then it ends with exit code 1
      And the windows end as "fail, pass", in any order

    @spawn @slow
    Example: Attempts with a refused credential do not count
      Given a model server that answers 401 and then 500 twice
      And a "claude" on the PATH that solves the task if the model answers
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      And "experiment run" has ended with exit code 1
      When I run "experiment run --resume"
      Then it ends with exit code 0
      And the first window has:
        | outcome                   | pass |
        | attempt                   | 4    |
        | earlier_attempts.attempts | 3    |

    @spawn @slow
    Example: The credential is correct again
      Given a model server that answers 401 once
      And a "claude" on the PATH that solves the task if the model answers
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      And "experiment run" has ended with exit code 1
      When I run "experiment run --resume"
      Then it ends with exit code 0
      And the first window has:
        | outcome                   | pass |
        | attempt                   | 2    |
        | earlier_attempts.attempts | 1    |

  Rule: A run that measured nothing has failed

    @spawn @slow
    Scenario Outline: The server <FAILS>
      Given a model server that <FAILS>
      And a "claude" on the PATH that asks the model and exits with 1
      And an experiment of "lru-cache" with two "claude-code" providers on that server
      When I run "experiment run"
      Then it ends with exit code 1
      And it says "one: The last request ended with <WHAT>" on stderr
      And the preview prints "Mend what failed, then work the missing windows again"

      Examples:
        | FAILS                               | WHAT                                                                                      |
        | takes no connection                 | a network error (ECONNREFUSED). Nothing listens at the upstream's address                 |
        | has a certificate that nobody knows | a network error (UNABLE_TO_VERIFY_LEAF_SIGNATURE). The certificate is not trusted here: let |
        | answers 500 for ever                | status 500 (api_error).                                                                   |

  Rule: Missing windows are rerun on request, after all others

    @spawn @slow
    Example: The provider is back
      Given a model server that answers 500 three times
      And a "claude" on the PATH that solves the task if the model answers
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      And "experiment run" has ended with exit code 0
      When I run "experiment run --retry-missing"
      Then it ends with exit code 0
      And the windows end as "infrastructure, pass, pass, pass", in the order of the schedule

    @spawn @slow
    Example: Nothing is missing any more
      Given a model server that answers 500 three times
      And a "claude" on the PATH that solves the task if the model answers
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      And "experiment run" has ended with exit code 0
      And "experiment run --retry-missing" has ended with exit code 0
      When I run "experiment run --retry-missing"
      Then the preview prints "4 of 4 done"

    @spawn @slow
    Example: A plain run does not take an open retry for complete
      Given a model server that answers 500 three times
      And a "claude" on the PATH that solves the task if the model answers
      And an experiment of "lru-cache" where "claude-code" on that server goes first and "builtin-agent" second
      And "experiment run" has ended with exit code 0
      And "experiment run --retry-missing --overall-token-budget 0" has ended with exit code 4
      When I run "experiment run"
      Then it ends with exit code 2

    @slow
    Example: The experiment is named with --extend
      Given the ledger of a run
      When it is run again with "--retry-missing --command-budget /implement=0 --extend" and its id
      Then it ends with exit code 1
      And the windows end as "no_spend, no_spend, no_spend, no_spend", in the order of the schedule
