Feature: What an import makes of a commit
  Each task that "experiment task import" keeps is proven. It leaves out uncertain tests, and names them.

  Rule: A test that does not always pass with the commit's own change is left out by name

    @slow
    Example: One of two new tests fails now and then
      Given a repository "shop" whose latest commit adds a test that fails now and then
      When I run "experiment task import --repo shop"
      Then it ends with exit code 0
      And it prints each of:
        | left out as flaky:            |
        | test/sum.test.js :: sometimes |
      And the task has:
        | acceptance.fail_to_pass | test/sum.test.js :: adds |

  Rule: A project can be a folder of a larger repository

    @slow
    Example: The tests of its folder are run, and no others
      Given a repository "shop" with a project in "services/api"
      When I run "experiment task import --repo shop --path services/api"
      Then it ends with exit code 0
      And it prints "1 task of 2 commits in task-bank"
      And the task has:
        | acceptance.fail_to_pass | test/sum.test.js :: adds |
      And the task has:
        | workspace.path | services/api |

  Rule: A file can say better than the message what to do

    @slow
    Example: The statement of one commit
      Given a repository "shop" with a project in "."
      And a file "words.md" of "sum(a, b) gives a + b."
      When I run "experiment task import --repo shop --commit HEAD --id sums --statement words.md"
      Then it ends with exit code 0
      And the file "task-bank/sums/statement.md" says "sum(a, b) gives a + b."

  Rule: Ctrl-C ends an import, and the tasks that are done stay

    @slow
    Example: While the second task is proven
      Given a repository "shop" with a project in "."
      And another commit of the same kind
      When I run "experiment task import --repo shop" and press Ctrl-C while it proves its second task
      Then it ends with exit code 130
      And it prints "1 task of 1 commit in task-bank"
      And the bank "task-bank" has 1 task, and no half-made task is next to it

  Rule: A task can be begun by hand from the commit that is checked out

    @slow
    Example: Its tests and its solution are still to come
      Given a repository "." with a project in "."
      And "experiment task new my-change --from command" has ended with exit code 0
      When I run "experiment task check my-change --bank task-bank"
      Then it ends with exit code 1
      And it prints "every test that passes with the solution passes without"
