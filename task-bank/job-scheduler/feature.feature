Feature: A job scheduler that neither loses nor doubles jobs
  Workers take jobs from the scheduler, the most urgent one first. A job ends when it has
  succeeded once or has failed in all its tries. At present jobs get lost, others run twice,
  and every scenario here fails.

  Background:
    Given a scheduler with 3 tries and waits of 1000 ms up to 1500 ms and leases of 60000 ms

  Scenario: The most urgent job comes first, and each job once
    Given the jobs "backup 1, invoice 9, mail 5"
    Then the jobs are taken in the order "invoice, mail, backup"

  Scenario: Equally urgent jobs keep the order in which they came
    Given the jobs "first 5, second 5, third 5, last 1"
    Then the jobs are taken in the order "first, second, third, last"

  Scenario: A job that is not due yet makes room for others
    Given the jobs "report 9 in 500 ms, mail 1"
    When "mail" is taken for try 1
    Then no job can be taken
    But 500 ms later "report" is taken for try 1

  Scenario: A job that has failed waits longer each time, up to the limit
    Given the jobs "mail 1"
    When try 1 of "mail" is taken and fails
    Then "mail" can be taken again after 1000 ms
    But when try 2 fails as well, "mail" can be taken again after 1500 ms

  Scenario: A job that fails in its last try is dead
    Given the jobs "mail 1"
    When "mail" fails in all its 3 tries
    Then there are 0 jobs waiting, 0 running, 0 done and 1 dead
    And the scheduler has nothing to wait for

  Scenario: A worker that vanishes loses its job to the next one
    Given the jobs "mail 1"
    When "mail" is taken for try 1
    And 60000 ms pass
    Then "mail" is taken for try 2
    And no job can be taken

  Scenario: A worker that comes back too late changes nothing
    Given the jobs "mail 1"
    And a worker had "mail" for 60000 ms, and another one has it now
    Then the first worker can't report success or failure
    But try 2 of "mail" succeeds
    And there are 0 jobs waiting, 0 running, 1 done and 0 dead

  Scenario: A job is accepted once, also while it runs
    Given the jobs "mail 1"
    When "mail" is taken for try 1
    Then "mail" is not accepted again, but "report" is
    And there is 1 job waiting, 1 running, 0 done and 0 dead
