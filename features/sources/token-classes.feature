Feature: Differences by token class
  Two sources can state the same sum and still disagree, because an output token costs more than one that was read from
  a cache. So each class that both state is compared, too.

  Rule: Each class that both sources state has its own difference

    Example: A result that has as many tokens, but other classes
      Given a log of claude-session:
        """
        claude m1 1000 50 cached 9000
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And the result of claude says 1040, 48 and 9000 cached, and was ingested for "W0-07"
      When I run "experiment reconcile --window W0-07"
      Then it ends with exit code 0
      And it prints "claude-result by class: input +3.8 %, cache read 0.0 %, output -4.0 %"

    Example: The JSON has the difference of each class
      Given a log of claude-session:
        """
        claude m1 1000 50 cached 9000
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And the result of claude says 1000, 25 and 9000 cached, and was ingested for "W0-07"
      When I run "experiment reconcile --window W0-07 --json"
      Then it ends with exit code 0
      And the JSON has:
        | 0.sources.1.comparison.classes.2.difference | -0.5 |

    Example: It fits a terminal of 80 columns
      Given a log of claude-session:
        """
        claude m1 1000000 5000 cached 9000000
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And the result of claude says 100000, 50000 and 90000 cached, and was ingested for "W0-07"
      And the variable COLUMNS is "80"
      When I run "experiment reconcile --window W0-07"
      Then it ends with exit code 1
      And it prints at most 12 lines of at most 80 columns

  Rule: A class that differs by more than 10 % makes the source divergent, if it matters to the cost

    Scenario Outline: <HOW>
      Given a log of claude-session:
        """
        claude m1 <LOG>
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And the result of claude says <RESULT> cached, and was ingested for "W0-07"
      When I run "experiment reconcile --window W0-07"
      Then it ends with exit code <CODE>
      And it prints "claude-result   <SAID>"
      And it prints "<CLASS>"

      Examples:
        | HOW                                     | LOG                     | RESULT                | CODE | SAID             | CLASS                                   |
        | A hundredth of the output               | 10 5000 cached 1000000  | 10, 50 and 1000000    | 1    | -0.5 % DIVERGENT | output -99.0 % DIVERGENT (50 for 5,000) |
        | Cache reads for input                   | 10000 5 cached 0        | 0, 5 and 10000        | 1    | 0.0 % DIVERGENT  | input -100.0 % DIVERGENT (0 for 10,000) |
        | Three tokens of input for two           | 2 10 cached 0           | 3, 10 and 0           | 0    | +7.7 %           | input +33.3 %                           |
        | A little more input in a large window   | 100 5000 cached 1000000 | 350, 5000 and 1000000 | 0    | +0.0 %           | input +71.4 %                           |

    Example: The preview names the class with both counts
      Given a log of claude-session:
        """
        claude m1 10 5000 cached 1000000
        """
      And it was ingested as "claude-session" with "--window W0-07"
      And the result of claude says 10, 50 and 1000000 cached, and was ingested for "W0-07"
      When I run "experiment preview --experiment manual"
      Then it prints "claude-result reported 1,000,060 (ratio 0.9951); output 5,000 and 50"

    @spawn
    Example: A gateway whose answers say nothing of the cache
      Given a "claude" on the PATH that reports cache reads that no answer states
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And no anomaly is recorded

    @spawn
    Example: An agent of a run that reports its input as cache reads
      Given a "claude" on the PATH that reports its input as cache reads
      And an experiment of "lru-cache" where "claude-code" goes first and "builtin-agent" second
      When I run "experiment run"
      Then it ends with exit code 0
      And the anomalies on record are:
        | KIND                  | WINDOW | TOUCHES |
        | divergent:claude-code | W0-01  | W0-01   |
