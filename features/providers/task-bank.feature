Feature: The task bank
  A task is useful only if its suite accepts correct work and rejects wrong work and cheating.
  `experiment task check` proves that before anything is spent.

  Rule: The bank lists its tasks

    Example: The built-in bank
      When I run "experiment task list"
      Then it prints every task of the built-in bank
      And nothing is written

    Example: The facts of a task, for a script
      When I run "experiment task list --json"
      Then it prints each of:
        | "id": "lru-cache"     |
        | "variants": 13        |
        | "timeoutS": 900       |
        | "stratum": "small"    |

    Example: A bank in a folder of the user's own
      Given a bank "my tasks/bank" with a copy of the task "room-bookings"
      When I run "experiment task list --bank my\ tasks/bank"
      Then it prints "room-bookings"
      And it does not print "lru-cache"

    Example: A folder that does not exist
      When I run "experiment task list --bank nowhere"
      Then it ends with exit code 2
      And it says "expected a folder of tasks, got nothing" on stderr
      And nothing is written

    Example: A task that does not exist
      When I run "experiment task check no-such-task"
      Then it ends with exit code 2
      And it names every task of the built-in bank on stderr

  Rule: The built-in bank has twenty tasks of like size

    Example: The sizes of texts, suites and workspaces
      When I run "experiment task list --json"
      Then 20 tasks are listed, and each task of the built-in bank is within these bounds:
        | NUMBER                          | LEAST | MOST |
        | lines of its feature            | 45    | 60   |
        | visible scenarios               | 8     | 12   |
        | held-out scenarios              | 8     | 12   |
        | wrong solutions                 | 2     | 20   |
        | lines of code that work already | 6     | 200  |

    Example: New features, fixes and refactorings
      When I run "experiment task list"
      Then at least 6 tasks of the built-in bank begin with a stub, and 6 with a module to change

    Example: Shared code makes a family
      When I run "experiment task list"
      Then tasks of the built-in bank that share a source file name the same family

  Rule: Every task of the built-in bank is proven

    Example: Every task has a recorded proof of what it is now
      When I run "experiment task list --json"
      Then each task of the built-in bank has a recorded proof that holds

    @slow
    Example: Changed tasks are proven again, and one task that the seed draws
      Given a bank "bank" with a copy of every task
      When I prove the changed tasks of the bank "bank", and one more that this commit draws
      Then one task at least is proven, and each claim about it holds, these among them:
        | the solution scores 1                                                      |
        | the untouched workspace (the null agent) scores 0                          |
        | an agent that only prints "PASSED" scores 0                                |
        | an agent that edits the tests and the feature in its workspace scores 0    |
        | a module that patches node:assert scores 0                                 |
        | a module that forges messages of its process scores 0                      |
        | a module that refuses everything with a RangeError scores 0                |
        | a module that sleeps just below the limit of a call scores 0               |
        | a module that gives giant answers scores 0                                 |
        | a workspace that links to the reference solution scores 0                  |
        | the suite notices small changes of the solution                            |
      And it claims at least 2 variants that fail the scenarios that they say

    @slow
    Example: A task of the user's own that has not changed since its proof
      Given a bank "bank" with a task that cuts numbers at a limit
      And the task names "number > most" to "number >= most" in line 2 as no fault
      And "experiment task check --bank bank --all" has ended with exit code 0
      When I run "experiment task check --bank bank --changed"
      Then it ends with exit code 0
      And it prints "1 task not proven again: unchanged since the recorded proof."
      And it does not print "the solution scores 1"

    @slow
    Example: A task of the user's own that has changed
      Given a bank "bank" with a task that cuts numbers at a limit
      And "experiment task check --bank bank --all" has ended with exit code 1
      And the task names "number > most" to "number >= most" in line 2 as no fault
      When I run "experiment task check --bank bank --changed"
      Then it ends with exit code 0
      And it prints "the suite notices small changes of the solution"

  Rule: A hostile solution gets no score

    @slow
    Example: A suite that a constant answer passes
      Given a bank "bank" with a task that cuts numbers at a limit
      And the file "bank/cut/feature.feature" is changed:
        | TEXT            | INSTEAD         |
        | 5 cut at 3 is 3 | 5 cut at 0 is 0 |
      When I run "experiment task check --bank bank --attack"
      Then it ends with exit code 1
      And it finds that "a module that answers everything with 0 scores 0" fails

  Rule: A suite notices most small changes of its solution

    Example: A change that every scenario passes is listed with its line
      Given a bank "bank" with a task that cuts numbers at a limit
      When I run "experiment task check --bank bank --mutants"
      Then it ends with exit code 1
      And it prints "src/cut.ts:2  number > most  →  number >= most"
      And it prints "cut: expected at least 95.0 % to be killed."

    @slow
    Example: A change that is no fault is named in the task
      Given a bank "bank" with a task that cuts numbers at a limit
      And the task names "number > most" to "number >= most" in line 2 as no fault
      When I run "experiment task check --bank bank --mutants"
      Then it ends with exit code 0
      And it does not print "src/cut.ts:2"

    @slow
    Example: A name for a change that a scenario notices
      Given a bank "bank" with a task that cuts numbers at a limit
      And the task names "number > most" to "number <= most" in line 2 as no fault
      When I run "experiment task check --bank bank --mutants"
      Then it ends with exit code 1
      And it prints "cut: named as equivalent, but no such mutant survives"

  Rule: A broken task is detected

    Background:
      Given a bank "bank" with a copy of the task "room-bookings"
      And the task has the variant "unchecked" alone

    @slow
    Example: A suite that passes the untouched workspace
      Given "bank/room-bookings/solution" is copied to "bank/room-bookings/workspace"
      When I run "experiment task check --bank bank"
      Then it ends with exit code 1
      And it finds that "the untouched workspace (the null agent) scores 0" fails

    @slow
    Example: A solution that fails its own suite
      Given "bank/room-bookings/variants/unchecked" is copied to "bank/room-bookings/solution"
      When I run "experiment task check --bank bank"
      Then it ends with exit code 1
      And it finds that "the solution scores 1" fails

    @slow
    Example: A variant that says it fails nothing
      Given the task's variant "unchecked" says that it fails nothing
      When I run "experiment task check --bank bank"
      Then it ends with exit code 1
      And it finds that 'the variant "unchecked" fails the scenarios that it says' fails

    Example: A task without an acceptance suite
      Given "bank/room-bookings/acceptance" is removed
      When I run "experiment task check --bank bank"
      Then it ends with exit code 2
      And it says "acceptance" on stderr
      And nothing is written
