Feature: A job scheduler that neither loses nor doubles jobs, held out

  Background:
    Given a scheduler with 3 tries and waits of 1000 ms up to 5000 ms and leases of 60000 ms

  Scenario: Many jobs are taken once each, in order
    Given the jobs "a 3, b 1, c 2, d 3, e 1, f 2, g 9, h -1"
    Then the jobs are taken in the order "g, a, d, c, f, b, e, h"

  Scenario: A job without a priority comes before negative ones
    Given the jobs "cleanup -2, plain, urgent 1, other"
    Then the jobs are taken in the order "urgent, plain, other, cleanup"

  Scenario: A job that failed keeps its place among equals
    Given the jobs "early 5, late 5"
    When try 1 of "early" is taken and fails
    And 1000 ms pass
    Then the jobs are taken in the order "early, late"

  Scenario: The wait doubles from try to try
    Given a scheduler with 6 tries and waits of 100 ms up to 1000 ms and leases of 60000 ms
    And the jobs "mail 1"
    Then "mail" fails try after try with waits of "100, 200, 400, 800, 1000" ms
    And try 6 of "mail" fails
    And there are 0 jobs waiting, 0 running, 0 done and 1 dead

  Scenario: A worker that vanishes in the last try leaves a dead job
    Given a scheduler with 1 try and waits of 1000 ms up to 5000 ms and leases of 200 ms
    And the jobs "mail 1"
    When "mail" is taken for try 1
    Then the scheduler has nothing to wait for
    And there are 0 jobs waiting, 1 running, 0 done and 0 dead
    But 200 ms later there are 0 jobs waiting, 0 running, 0 done and 1 dead

  Scenario: A lease lasts to its end
    Given the jobs "mail 1"
    When "mail" is taken for try 1
    And 59999 ms pass
    Then no job can be taken
    And the scheduler has to wait 1 ms
    But try 1 of "mail" succeeds
    And try 1 of "mail" can't succeed or fail any more

  Scenario: A report at the end of a lease is too late
    Given the jobs "mail 1"
    When "mail" is taken for try 1
    And 60000 ms pass
    Then try 1 of "mail" can't succeed or fail any more
    And there is 1 job waiting, 0 running, 0 done and 0 dead

  Scenario: A job is reported once
    Given the jobs "mail 1, report 1"
    When try 1 of "mail" is taken and fails
    And "report" is taken for try 1
    And try 1 of "report" succeeds
    Then try 1 of "mail" can't succeed or fail any more
    And try 1 of "report" can't succeed or fail any more
    And try 1 of "unknown" can't succeed or fail any more
    And there is 1 job waiting, 0 running, 1 done and 0 dead

  Scenario: The scheduler waits for whatever comes first
    Given the jobs "soon 1 in 300 ms, later 9 in 70000 ms"
    Then the scheduler has to wait 300 ms
    And 300 ms later "soon" is taken for try 1
    And the scheduler has to wait 60000 ms
    But when try 1 of "soon" fails, it has to wait 1000 ms
    And 5000 ms later the scheduler has to wait 0 ms

  Scenario: Done and dead jobs are not accepted again
    Given a scheduler with 1 try and waits of 1000 ms up to 5000 ms and leases of 60000 ms
    And the jobs "mail 2, report 1"
    When try 1 of "mail" is taken and fails
    And "report" is taken for try 1
    And try 1 of "report" succeeds
    Then "mail" is not accepted again, but "fresh" is
    And "report" is not accepted again, but "other" is
    And the jobs are taken in the order "fresh, other"
