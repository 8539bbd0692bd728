Feature: Pictures of a report
  Pictures show the evidence, and say in words what they show.

  Background:
    Given the rehearsal has been run

  Rule: Every picture is a file that says what it shows

    Scenario Outline: A picture of the rehearsal
      When I run "experiment report"
      Then it ends with exit code 0
      And the picture "<PICTURE>" is drawn, and says "<TEXT>"

      Examples:
        | PICTURE      | TEXT                                                |
        | slopes       | small cost less than large in 4 of 4 tasks          |
        | forest       | the fixed-n interval includes its margin            |
        | forest       | a task's failed requests have no upper limit        |
        | forest       | the method needs a mean over tasks, and a p95       |
        | evidence     | after 4 pairs (look 4), below the threshold of 1.30 |
        | cost-quality | the front is small, large                           |
        | latency      | small → scripted: median                            |
        | timeline     | The windows took                                    |
        | order-effect | The cost of the first window ÷ that of the second   |

  Rule: A picture that has nothing to draw says why

    Example: The rehearsal has no budget for the whole experiment
      When I run "experiment report"
      Then it ends with exit code 0
      And the report says "Nothing to draw: no budget limits the whole experiment."
      And the folder of the report does not hold "pictures/budgets.svg"
