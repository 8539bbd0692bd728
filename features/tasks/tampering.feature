Feature: Forged results
  A repository's own tests share a process with the work that they grade. Work that forges their results
  gets no quality. If the results show the forgery, the outcome is "tampered", with the evidence.

  Rule: Forged results are worth nothing

    @slow
    Scenario Outline: <LANGUAGE> work that <DOES>
      Given <LANGUAGE> work that <DOES>
      When I run "experiment run"
      Then it ends with exit code 0
      And the rows of "window_finalized" are:
        | outcome   | quality   |
        | <OUTCOME> | <QUALITY> |
        | <OUTCOME> | <QUALITY> |

      Examples:
        | LANGUAGE   | DOES                                         | OUTCOME  | QUALITY |
        | Python     | solves the task                              | pass     | 1       |
        | Python     | solves it and brings a test of the same name | pass     | 1       |
        | Python     | brings a pyproject.toml with a plugin        | fail     | 0       |
        | Python     | brings a conftest.py that passes tests       | fail     | 0       |
        | Python     | plants a conftest.py as it is imported       | fail     | 0       |
        | Python     | calls sys.exit(0) as it is imported          | fail     | 0       |
        | Python     | calls os._exit(0) as it is imported          | fail     | 0       |
        | Python     | rewrites the results by atexit               | tampered | 0       |
        | Python     | replaces the reports of pytest               | tampered | 0       |
        | Go         | solves the task                              | pass     | 1       |
        | Go         | solves it and brings a test of the same name | pass     | 1       |
        | Go         | prints forged results in init() and exits    | tampered | 0       |
        | Go         | exits with 0 in init()                       | fail     | 0       |
        | TypeScript | solves the task                              | pass     | 1       |
        | TypeScript | brings a configuration with a reporter       | fail     | 0       |
        | TypeScript | brings a vite.config.ts with a setup file    | fail     | 0       |
        | TypeScript | replaces the matchers of vitest              | tampered | 0       |
        | TypeScript | exits with 0 as it is imported               | fail     | 0       |
