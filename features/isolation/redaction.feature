@slow
Feature: What a session knows as secret is in nothing that it keeps
  An upstream may repeat the key that it was sent, and a setup may leave the values of its variables in the tree.
  Agents print both and write them down. Rows, captures, recordings, kept work, reports and messages hold neither,
  in no spelling.

  Example: An agent that repeats everything
    Given a task from a commit whose setup writes its variable into the tree
    And an agent that prints and writes down what its upstream and its setup say, in every spelling
    When I run "experiment run --record recording"
    Then each window ends as "partial"
    And it says no secret, in any spelling
    And no file holds a secret, in any spelling, also none of the kept work and of the recording
    And the log, the kept work, the page and the test that failed have stars in their place
