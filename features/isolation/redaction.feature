@slow
Feature: What a session knows as secret is in nothing that it keeps
  An upstream may repeat the key that it was sent, and a setup may leave the values of its variables in the tree.
  Agents print both and write them down. Rows, captures, recordings, kept work, reports and messages hold neither,
  in no spelling.

  Example: An agent that repeats everything
    Given a task whose setup writes its variable into the tree, and an agent that prints and writes down all that it is told, in every spelling
    When I run "experiment run --record recording"
    Then every window has:
      | outcome | partial |
    And what its output and its files say of a secret, in any spelling, are stars
