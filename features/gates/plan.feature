Feature: What a plan can detect
  Before anything is spent, the plan says what its number of features can show.

  Rule: Power, width and the windows for the gates are exact, for three spreads

    Example: A plan of four features
      When I run "experiment plan --seed 42"
      Then it ends with exit code 0
      And it prints each of:
        | small: AB 2, BA 2                                                                   |
        | What 4 independent tasks can show, by the spread of the log cost ratios (SD):       |
        | 0.3     1.38           0.88        1.82                  ≥ 40                       |
        | Quality: too few tasks to find any drop.                                            |
        | At least 80 % of the baseline's quality can't be confirmed: that needs 18 tasks.    |
        | TRUE RATIO  ADD ONE SEAT  STAY LEAN, BELOW 2  STAY LEAN, UNDECIDED                  |
        | 3           < 0.1 %       < 0.1 %             > 99.9 %                              |
      And nothing is written

    Example: For a script
      When I run "experiment plan --seed 42 --json"
      Then it ends with exit code 0
      And the JSON has:
        | power.0.detectableRatio    | a number |
        | power.0.windowsForGates    | a number |
        | balance.0.nAB              | a number |
        | independent_tasks          | a number |
        | quality.featuresToConfirm  | a number |
        | verdicts.3.addOneSeat.rate | a number |
      And nothing is written
