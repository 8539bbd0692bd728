Feature: Equal conditions
  All agents of an experiment have the same limits on CPU, memory and processes. The load of the machine is
  recorded with every window, and the report compares the arms on it.

  Rule: Limits are registered, and enforced if the machine can do it

    Background:
      Given a small experiment
      And its file says "resources: { cpus: 1.5, processes: 400 }"

    Example: Every window has the registered limits
      When it is run with ""
      Then it ends with exit code 0
      And one row of "experiment_registered" has:
        | registration.resources.cpus      | 1.5 |
        | registration.resources.processes | 400 |
      And every window has run under these limits:
        | RESOURCE  | LIMIT |
        | cpus      | 1.5   |
        | processes | 400   |

    Example: The report says whether they were enforced
      Given it has been run with ""
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says what this machine does about the limit "processes: at most 400"

    Example: The plan shows them
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "Every agent: at most 1.5 cpus ("
      And it prints ", 400 processes ("

    Example: Other limits are another question
      Given what "experiment plan --json" prints
      And the file "experiment.yaml" is changed:
        | TEXT | INSTEAD |
        | 400  | 300     |
      When I run "experiment plan --json"
      Then it ends with exit code 0
      And it plans another experiment

  Rule: A limit that makes no sense is refused

    Scenario Outline: <LIMIT>
      Given a small experiment
      And its file says "resources: { <LIMIT> }"
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "<EXPECTED>" on stderr
      And nothing is written

      Examples:
        | LIMIT         | EXPECTED                                                                          |
        | cpus: 0       | to be a number of CPUs from 0.1 to 1024, got 0. Write e.g. 2.                      |
        | memory: 4     | to be an amount of memory with M or G, got 4. Write e.g. 4G.                       |
        | memory: 0G    | to be an amount of memory with M or G                                             |
        | processes: 3  | to be a whole number of processes from 16 to 1000000, got 3. Write e.g. 512.       |
        | disk: 4G      | Known fields: cpus, memory, processes.                                            |

  Rule: The arms are compared on the load of the machine

    Example: A window says how busy the machine was
      Given a finished experiment of two windows
      When I look at the window "W0-01"
      Then its final row has load, free memory and CPU pressure from its start and its end

    Example: The machine was busier for one arm
      Given a session of 6 pairs, in which:
        | cheap | is 3 times cheaper |
        | base | loads the machine with 6 |
        | cheap | loads the machine with 2 |
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "The arms' medians of load differ by more than 25 %: base 6.00, cheap 2.00."
      And the report has a row "base | 6 †1 | 6.00 †1 | 8.00 †1 | 0.0 †1"

    Example: The machine was equally busy
      Given a session of 6 pairs, in which:
        | cheap | is 3 times cheaper |
        | base | loads the machine with 6 |
        | cheap | loads the machine with 5 |
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "None was recorded."
