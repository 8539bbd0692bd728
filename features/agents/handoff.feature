Feature: Handoffs
  A role hands its work over as a Markdown file with front matter. People who work without the
  harness check theirs with the same schema.

  Rule: A handoff is a validated artefact

    Scenario Outline: The shipped example of a handoff of the kind <KIND> is valid
      Given the product's example "handoffs/<KIND>.md" as "<KIND>.md"
      When I run "experiment handoff check <KIND>.md"
      Then it ends with exit code 0
      And it prints "<KIND>.md: a valid <KIND> handoff of the role <SAYS>."

      Examples:
        | KIND           | SAYS                                           |
        | plan           | planner: 2 criteria, at most 60 changed lines  |
        | implementation | implementer: 1 file, 1 test command            |
        | review         | reviewer: rework, 1 finding, 1 open            |
        | documentation  | documenter: 5 deliverables                     |

  Rule: An invalid handoff is refused with the errors by line

    Scenario Outline: <FAULT>
      Given the product's example "handoffs/<KIND>.md" as "<KIND>.md"
      And the file "<KIND>.md" is changed:
        | TEXT  | INSTEAD |
        | <OLD> | <NEW>   |
      When I run "experiment handoff check <KIND>.md"
      Then it ends with exit code 1
      And it prints '<KIND>.md:<LINE>: expected <SAYS>'

      Examples:
        | FAULT                                | KIND           | OLD                    | NEW                      | LINE | SAYS                                                                                                                                      |
        | A kind that does not exist           | plan           | handoff: plan          | handoff: idea            | 2    | "handoff" to be the kind of a handoff, got "idea". Write one of: plan, implementation, review, documentation                              |
        | A plan without a limit on lines      | plan           | changed_lines_max: 60  | # No limit.              | 2    | "changed_lines_max" to be a whole number of lines, at least 1, got nothing. Write the most lines that the work may add and remove, e.g. 120 |
        | A file outside the workspace         | plan           | src/lru-cache.mjs      | ../lru-cache.mjs         | 6    | "files.0.path" to be a path in the workspace, got "../lru-cache.mjs". Write it relative to the workspace, e.g. src/cache.ts               |
        | Lines that go backwards              | plan           | lines: 1-24            | lines: 24-1              | 7    | "files.0.lines" to be a line, or a range of lines, got "24-1". Write e.g. 12, or 12-40                                                    |
        | A decision without its reason        | implementation | reason: It             | because: It              | 17   | "decisions.0.reason" to be a text, got nothing. Write a sentence, in quotes if it has a colon                                             |
        | Limitations that are left out        | implementation | limitations: []        | # Nothing more.          | 2    | "limitations" to be a list, got nothing. Write [] if there is nothing to name                                                             |
        | A finding without a reproduction     | review         | reproduction: new      | reproduced: new          | 28   | "findings.0.reproduction" to be a text, got nothing. Write a sentence, in quotes if it has a colon                                        |
        | A verdict without an open finding    | review         | status: open           | status: resolved         | 26   | "verdict" to be accept, because no finding is open, got "rework". Name a finding that is open, or write accept                            |
        | A deliverable that is missing        | documentation  | reference: {           | # reference: {           | 23   | "deliverables.reference" to be a map of fields, got nothing. Correct the value                                                            |
        | A field that does not exist          | documentation  | problems: []           | problms: []              | 17   | a known field, got "problms". Did you mean "problems"?                                                                                    |
        | A text without front matter          | plan           | ---                    | Plan                     | 1    | front matter that begins with "---", got "Plan". Begin the file with a line "---"                                                         |

    Example: Two findings with one number
      Given the example "review.md" of a handoff with its finding twice
      When I run "experiment handoff check review.md"
      Then it ends with exit code 1
      And it prints 'review.md:36: expected "findings.1.number" to be a number that no other finding has, got 1.'
      And it prints 'review.md:37: expected "findings.1.name" to be a name that no other finding has'

    Example: A file that does not exist
      When I run "experiment handoff check plan.md"
      Then it ends with exit code 2
      And it says "Name a Markdown file." on stderr

  Rule: The check and its JSON Schema serve people who work without the harness

    Example: A program reads the findings
      Given the product's example "handoffs/review.md" as "review.md"
      When I run "experiment handoff check review.md --json"
      Then it ends with exit code 0
      And the JSON has:
        | handoff.findings.0.name | a limit of 1.5 is accepted |

    Example: A program reads the faults
      Given the product's example "handoffs/review.md" as "review.md"
      And the file "review.md" is changed:
        | TEXT            | INSTEAD          |
        | verdict: rework | verdict: perhaps |
      When I run "experiment handoff check review.md --json"
      Then it ends with exit code 1
      And the JSON has:
        | valid    | false                                                                                                                          |
        | faults.0 | review.md:26: expected "verdict" to be accept or rework, got "perhaps". Write rework only if a finding has to be mended first. |

  Rule: A team's handoff with faults is sent back once, and then the window ends

    @slow
    Example: The second handoff of each role is valid
      Given an experiment of a builder and a critic whose model has "handoff_faults: 1"
      When I run "experiment run"
      Then it ends with exit code 0
      And the window of "team" has:
        | outcome | pass |
      And its turns are:
        | ROLE    | ROUND | END         | REFUSED |
        | builder | 1     | handed_over | 1       |
        | critic  | 1     | handed_over | 1       |
      And the refused handoff of its builder has the fault ".counterbalance/handoff.md:"

    @slow
    Example: The second one has faults too
      Given an experiment of a builder and a critic whose model has "handoff_faults: 2"
      When I run "experiment run"
      Then it ends with exit code 0
      And the window of "team" has:
        | outcome | handoff_failed                                  |
        | reason  | …The handoff of the builder was refused twice.… |
      And its turns are:
        | ROLE    | ROUND | END            | REFUSED |
        | builder | 1     | handoff_failed | 2       |
