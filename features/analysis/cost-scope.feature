Feature: Cost scope
  The comparison uses the cost of whole windows or of their sub-agents alone.

  Rule: With sub-agents alone, a window without a sub-agent makes its pair incomplete

    Background:
      Given a session of 6 pairs, in which:
        | cheap | is 1 times cheaper |
        | base | has a sub-agent of 6000 tokens |
        | cheap | has a sub-agent of 2000 tokens |
        | cheap | calls no sub-agent in its first window |

    Example: The report states the scope
      When I run "experiment report"
      Then it ends with exit code 0
      And the report has the figure "Cost" with "tokens, basis uncached, of sub-agents' requests alone"
      And the report has a row "cheap | 2 | no_subagent | 1"

    Example: The figures are those of the sub-agents
      When I run "experiment report --json"
      Then it ends with exit code 0
      And the JSON has:
        | asked.cost_scope               | subagents   |
        | comparisons.0.pairs.complete   | 5           |
        | ran.missing.0.cause            | no_subagent |
        | ran.missing.0.provider         | cheap       |
        | comparisons.0.cost_ratio.value | >= 2.8      |
        | comparisons.0.cost_ratio.value | <= 3.2      |

    Example: The gates use the figures of the sub-agents
      When I run "experiment gate --json"
      Then it ends with exit code 10
      And the JSON has:
        | candidates.0.pairs             | 5    |
        | candidates.0.criteria.0.is_met | true |

  Rule: The scope belongs to the question

    Example: The default written out changes nothing
      Given a small experiment
      And what "experiment plan --json" prints
      And its file says "analysis: { cost_scope: window }"
      When I run "experiment plan --json"
      Then it ends with exit code 0
      And it plans the same experiment

    Example: Sub-agents alone are another experiment
      Given a small experiment
      And what "experiment plan --json" prints
      And its file says "analysis: { cost_scope: subagents }"
      When I run "experiment plan --json"
      Then it ends with exit code 0
      And it plans another experiment

    Example: A typing error
      Given a small experiment
      And its file says "analysis: { cost_scope: agents }"
      When I run "experiment plan"
      Then it ends with exit code 2
      And it says '"window"' on stderr
      And nothing is written

  Rule: Tokens of two vendors are never compared, even if only sub-agents use the second one

    Example: The sub-agents' backend belongs to no provider
      Given a sub-agent trial in tokens, whose candidate's sub-agents use a backend that belongs to no provider
      When I run "experiment plan --json"
      Then it ends with exit code 0
      And the JSON has:
        | registration.analysis.comparable | false |

    Example: The sub-agents' backend belongs to the same vendor
      Given a sub-agent trial in tokens, whose third provider says that the backend it shares is of "main-vendor"
      When I run "experiment plan --json"
      Then it ends with exit code 0
      And the JSON has:
        | registration.analysis.comparable | true |
