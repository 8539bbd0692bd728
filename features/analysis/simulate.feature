Feature: Calibration
  Anybody can check by simulation, with the same code, whether the inference keeps its promises.

  Rule: Every rate comes with its standard error and its promise

    Example: One cell
      When I run "experiment simulate --cell coverage-12 --experiments 200 --seed 42"
      Then it ends with exit code 0
      And it prints each of:
        | Seed 42, 200 experiments a cell   |
        | cross-over, 12 pairs              |
        | 94.00 % to 96.00 %                |
        | 1 of 1 promises kept              |
      And it says "coverage-12: cell 1 of 1" on stderr

    Example: Looking again and again
      When I run "experiment simulate --cell looks-normal --experiments 100 --seed 42 --json"
      Then it ends with exit code 0
      And the JSON has:
        | rows.0.rate | <= 0.05 |
        | rows.2.rate | > 0.15  |
        | rows.3.rate | > 0.15  |

    Scenario Outline: What holds keep, and what no policy protects against: <CELL>
      When I run "experiment simulate --cell <CELL> --experiments 100 --seed 42"
      Then it ends with exit code 0
      And it prints "<SAYS>"

      Examples:
        | CELL                | SAYS                |
        | hold-missing-random | 1 of 1 promises kept |
        | hold-missing-dear   | 1 of 1 promises kept |
        | hold-retries        | 1 of 1 promises kept |
        | hold-families       | 1 of 1 promises kept |
        | hold-carry-over     | 0 of 0 promises kept |
        | hold-rare-ruin      | 0 of 0 promises kept |

    Example: The same seed gives the same bytes
      Given what "experiment simulate --cell gate-2-0.3 --experiments 50 --seed 42 --json" prints
      When I run "experiment simulate --cell gate-2-0.3 --experiments 50 --seed 42 --json"
      Then it ends with exit code 0
      And it prints the same as before

  Rule: What can't be simulated is refused

    Scenario Outline: <OPTIONS>
      When I run "experiment simulate <OPTIONS>"
      Then it ends with exit code 2
      And it says '<SAYS>' on stderr
      And it prints nothing

      Examples:
        | OPTIONS          | SAYS                                                                  |
        | --cell colour    | --cell: expected a cell or a group of cells, got "colour". There are: |
        | --experiments 0  | --experiments: expected a whole number from 1 to 1000000, got "0".    |
        | --experiments 1e3| --experiments: expected a whole number from 1 to 1000000, got "1e3".  |
