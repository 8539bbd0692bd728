Feature: More than two providers
  Three to six providers get every task by the rows of a Williams design. Each provider is in every
  period and follows every other provider equally often, so that neither time nor order favours any.

  Background:
    Given an experiment of the whole bank with the providers "one, two, three"

  Rule: Every provider gets every task

    Example: Three providers
      When I run "experiment plan --seed 42 --json"
      Then it ends with exit code 0
      And every matched set of the plan has the providers "one, three, two", in sequences of one Williams design

    Example: Four tasks use four of the six rows
      When I run "experiment plan --seed 42"
      Then it ends with exit code 0
      And it prints "every provider is in every period 0 to 2 times"
      And it prints "every provider follows every other 1 to 2 times"

    Example: The six rows of three providers, once each
      Given its file has:
        | tasks.replicates | 3 |
      When I run "experiment plan --seed 42"
      Then it ends with exit code 0
      And it prints "every provider is in every period 4 times"
      And it prints "every provider follows every other 4 times"

  Rule: A run does what the plan shows

    @slow
    Example: Three providers on one task
      Given its file has:
        | tasks.include | [lru-cache] |
      When I run "experiment run --seed 42"
      Then it ends with exit code 0
      And the rows of "window_finalized" are:
        | period |
        | 1      |
        | 2      |
        | 3      |
      And the preview prints "one "
      And the preview prints "two "
      And the preview prints "three "

  Rule: An experiment has at most six providers

    Example: Seven providers
      Given an experiment of the whole bank with the providers "a, b, c, d, e, f, g"
      When I run "experiment plan"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yaml:17: expected "providers" to be 2 to 6 providers, got 7 (a, b, c, d, e, f, g). Compare fewer providers at a time.
        """
