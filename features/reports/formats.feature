Feature: The formats of a report
  One document is written as Markdown, HTML, JSON, CSV and JUnit, wherever its reader wants it.

  Rule: A reader names formats and a folder

    Background:
      Given the rehearsal has been run

    Example: Without options, what a person wants
      When I run "experiment report"
      Then it ends with exit code 0
      And the folder of the report holds "report.md, report.html, report.json, pictures/slopes.svg"
      And the folder of the report does not hold "junit.xml, csv"

    Example: Chosen formats in a folder
      When I run "experiment report --format junit,csv --out ci/report"
      Then it ends with exit code 0
      And it prints "ci/report/csv/figures.csv"
      And the folder "ci/report" holds "junit.xml, csv/windows.csv, csv/pairs.csv"
      And the folder "ci/report" does not hold "report.md, report.html, report.json"

    Example: All of them
      When I run "experiment report --format all --out all"
      Then it ends with exit code 0
      And the folder "all" holds "report.md, report.html, report.json, junit.xml, csv/figures.csv"

    Example: A format that does not exist
      When I run "experiment report --format markdwon"
      Then it ends with exit code 2
      And it says 'Did you mean "markdown"?' on stderr

    Example: A folder that can't be written
      Given a file "taken" of "text"
      When I run "experiment report --out taken"
      Then it ends with exit code 2
      And it says "the report can't be written here" on stderr

  Rule: CSV has the numbers in full precision

    Example: The windows
      Given the rehearsal has been run
      When I run "experiment report --format csv --out out"
      Then it ends with exit code 0
      And "out/csv/windows.csv" has the quality and the cost of every window as the ledger has them

  Rule: JUnit is valid, and each case has its own reason

    Example: Windows, and the criteria of the gates
      Given the rehearsal has been run
      When I run "experiment report --format junit --out out"
      Then it ends with exit code 0
      And "out/junit.xml" is JUnit by the schema of CI servers
      And "out/junit.xml" has a case for every window, and fails those that did not pass with their own reason

    Example: The gate alone
      Given the rehearsal has been run
      When I run "experiment gate --junit gate.xml"
      Then it ends with exit code 10
      And "gate.xml" is JUnit by the schema of CI servers
      And every gate that does not hold has a reason of its own in "gate.xml"

  Rule: Names of others do nothing

    Example: Kinds of anomalies and models with markup, formulas and control codes
      Given a finished experiment of two windows
      And the ledger has an anomaly with keys of prototypes and control codes
      And an anomaly of the kind "=cmd()|' /C calc'!A0" that affects "W0-01"
      And an anomaly of the kind "<img src=x onerror=alert(1)>" that affects "W0-01"
      When I run "experiment report --format all --out out"
      Then it ends with exit code 0
      And no file in "out" runs a formula, has an element of others or a control code
