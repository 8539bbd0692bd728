Feature: The report
  The report explains the ledger, from the ledger alone.

  Background:
    Given the rehearsal has been run

  Rule: A report has the question, the windows and the results

    Example: The rehearsal's report
      When I run "experiment report"
      Then it ends with exit code 0
      And the report begins with the line "# Report: rehearsal (the model was scripted)"
      And the report has the sections:
        | The answer                           |
        | The evidence                         |
        | What to do next                      |
        | The gates and the seat               |
        | Pre-registration and departures      |
        | Windows                              |
        | Pairs                                |
        | Providers                            |
        | Budgets                              |
        | Anomalies                            |
        | Failure kinds both ways              |
        | Reconciliation                       |
        | Resources and isolation              |
        | Versions, hashes and how to reproduce |
        | Annex: more pictures                  |
      And the report has the figure "Quality" with "the mean of two shares: visible scenarios passed and held-out scenarios passed"
      And the report names every window with its outcome, its quality and its cost, and the versions of "builtin-agent, counterbalance, cucumber, node"

    Example: The cost ratio matches the windows
      When I run "experiment report --json"
      Then it ends with exit code 0
      And the cost ratio and the order effect are those of the 4 pairs in the ledger

  Rule: The same ledger gives the same bytes

    Example: Written again
      Given the report is remembered
      When I run "experiment report"
      Then it ends with exit code 0
      And the report is the same, to the byte

    @spawn
    Example: From a copy, in another folder, time zone and language
      Given the report is remembered
      And ".experiment/ledger" is copied to "elsewhere/data/ledger"
      And the variable TZ is "Pacific/Kiritimati"
      And the variable LC_ALL is "de_DE.UTF-8"
      When I run "experiment report --data-dir elsewhere/data" in a process of its own
      Then it ends with exit code 0
      And the report in "elsewhere/data" is the same, to the byte

  Rule: Scripts get the report as JSON

    Example: The published schema
      Given the report is remembered
      When I run "experiment report --json"
      Then it ends with exit code 0
      And it prints the same as report.json, which matches the published JSON Schema

  Rule: Unclean data are shown as unclean

    Example: An anomaly marks the figures that it affects, and no others
      Given an anomaly of the kind "made-up" that affects "W0-03"
      When I run "experiment report"
      Then it ends with exit code 0
      And the report has a row '1 | made-up | W0-03 | W0-03 | "Nothing" was done.'
      And the report marks with "†1" the window "W0-03", the pair of "lru-cache" and the provider "large", and not "W0-04", "csv-records" and "small"

    Example: Missing windows are counted by provider and period
      Given a correction of the window "W0-03":
        | outcome | provider_limit    |
        | reason  | The plan's limit. |
        | quality | null              |
      When I run "experiment report"
      Then it ends with exit code 0
      And the report has a row "large | 1 | provider_limit | 1"
      And the report has the figure "Windows" with "8 planned, 7 valid, 1 missing, 0 not run"
      And the report has the figure "Pairs" with "4 planned, 3 complete (1 AB, 2 BA), 1 incomplete (1 without period 1, 0 without period 2)"

    Example: Rates with a provider's limits left out, and counted as failures
      Given a correction of the window "W0-03":
        | outcome | provider_limit    |
        | reason  | The plan's limit. |
        | quality | null              |
      When I run "experiment report"
      Then it ends with exit code 0
      And the report has a row "large | windows | 1 | 0 | 33.3 % (1 of 3) | 25.0 % (1 of 4) | 0.972 | 0.729"
      And the report has a row "small | windows | 0 | 0 | 0.0 % (0 of 4) | 0.0 % (0 of 4) | 0.844 | 0.844"
