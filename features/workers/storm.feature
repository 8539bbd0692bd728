Feature: A storm over runs on workers
  Machines die, hang and lose their connections at any moment. What the store has acknowledged stays, and a run
  that is continued comes to its end.

  Rule: Whatever is killed, no row is lost, no window ends twice and no cap is passed

    @slow
    Scenario: Workers, coordinators and servers
      Given a PostgreSQL server of its own as the store
      When workers, coordinators and servers are killed, paused and cut off, and each is started again
      Then every run has come to its end, no acknowledged row is lost, no window is final twice and no spending is over its cap
      And "experiment ledger verify" finds nothing in the store and in its export
