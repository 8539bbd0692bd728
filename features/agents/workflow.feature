Feature: Workflows
  A workflow file says which roles share the work of a window, in their order. It can be checked before any
  experiment runs it.

  Rule: The four roles ship as the default file

    Example: Planner, implementer, reviewer and documenter
      When I run "experiment workflow check team"
      Then it ends with exit code 0
      And it prints each of:
        | team: a valid workflow of 4 roles.                          |
        | planner      /plan       plan            nothing            |
        | implementer  /implement  implementation  **                 |
        | reviewer     /review     review          nothing            |
        | documenter   /document   documentation   **/*.md            |
        | reviewer sends work back to implementer, at most 3 times.   |

    Example: The reviewer sees the diff and the criteria, not the implementer's reasoning
      When I run "experiment workflow check team --json"
      Then it ends with exit code 0
      And the JSON has:
        | roles.2.reads | task, criteria, diff |

  Rule: Other roles and orders are possible

    Example: A builder and a critic with budgets and models of their own
      Given a file "pair.yaml" that says:
        """
        version: 1
        roles:
          - { name: builder, command: /build, model: small, reads: [task, critic], writes: ["src/**"], handoff: implementation, prompt: "{task} {critic} {handoff}", budgets: { tokens: 40000, usd: 2.5, minutes: 15 } }
          - { name: critic, command: /criticise, model: large, reads: [diff], writes: [], handoff: review, prompt: "{diff} {handoff}", sends_back_to: builder, rounds_max: 1 }
          - { name: writer, command: /document, reads: [builder], writes: ["docs/**"], handoff: documentation, prompt: "{builder} {handoff}", parallel: true, when_spent: continue }
        """
      When I run "experiment workflow check pair.yaml"
      Then it ends with exit code 0
      And it prints each of:
        | 40000 tokens, $2.5, 15 min                             |
        | + writer                                               |
        | critic sends work back to builder, at most 1 time.     |

  Rule: A fault is named with its file and line

    Scenario Outline: <FAULT>
      Given the product's example "team.yaml" as "own.yaml"
      And the file "own.yaml" is changed:
        | TEXT   | INSTEAD   |
        | <TEXT> | <INSTEAD> |
      When I run "experiment workflow check own.yaml"
      Then it ends with exit code 2
      And it says 'own.yaml:<LINE>: expected "roles.<SAYS>.' on stderr

      Examples:
        | FAULT | TEXT | INSTEAD | LINE | SAYS |
        | Two roles of one name | name: reviewer | name: planner | 32 | 2.name" to be a name that no other role has, got "planner". Write another name |
        | A handoff of a role that comes later | reads: [task] | reads: [task, documenter] | 7 | 0.reads.1" to be something that exists before the role works, got "documenter". Write one of: task |
        | Criteria without a plan | handoff: plan | handoff: review | 34 | 2.reads.1" to be something that exists before the role works, got "criteria". Criteria come from the plan of an earlier role |
        | A diff that nobody makes | writes: ["**"] | writes: [] | 34 | 2.reads.2" to be something that exists before the role works, got "diff". A diff comes from an earlier role that changes files |
        | A prompt without what the role reads | {criteria} | the criteria | 39 | 2.prompt" to be a text with {criteria}, got none. Write {criteria} in the prompt, or remove criteria from "reads" |
        | A prompt with what the role does not read | {criteria} | {implementer} | 39 | 2.prompt" to be a text with names of "reads" in braces, got {implementer}. Add implementer to "reads", or write {{ for a brace |
        | A review that goes to a role without files | sends_back_to: implementer | sends_back_to: planner | 37 | 2.sends_back_to" to be an earlier role that changes files, got "planner". Such roles: implementer |
        | A loop without a review | handoff: review | handoff: plan | 37 | 2.sends_back_to" to be absent without a review, got "implementer". Only a role that hands over a review sends work back |
        | No round at all | rounds_max: 3 | rounds_max: 0 | 38 | 2.rounds_max" to be a whole number from 1 to 20, got 0. Write e.g. 3 |
        | A command without its slash | command: /plan | command: plan | 6 | 0.command" to be a command, got "plan". Write e.g. /review |
        | Files outside the workspace | "docs/**" | "../docs/**" | 53 | 3.writes.1" to be a pattern of paths in the workspace, got "../docs/**". Write it relative to the workspace, e.g. docs/** |
        | A budget of nothing | when_spent: continue | budgets: { usd: 0 } | 55 | 3.budgets.usd" to be a positive number, got 0. Write e.g. 2.5 |
