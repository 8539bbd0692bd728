Feature: An agent of your own
  Any program can be an agent. The experiment file says how it is started, which APIs it speaks and how to
  read the tokens that it counts itself.

  Rule: Its work is graded, and its tokens equal the model's

    @slow
    Example: A small program that reports in a file, and on its output
      Given a model server that keeps count of what it deals
      And an experiment of "lru-cache" with a program of the user's own on that server
      When I run "experiment run --seed 42"
      Then the rows of "window_finalized" are:
        | outcome | quality |
        | pass    | 1       |
        | pass    | 1       |
      And the ledger counts the very tokens that the server dealt
      And every window's own report counts the same tokens
      And no anomaly is recorded

  Rule: The plan shows its command line

    Example: Names in braces are replaced by values
      Given a model server that keeps count of what it deals
      And an experiment of "lru-cache" with a program of the user's own on that server
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "OWN_HOME=<home>"
      And it prints "ANTHROPIC_BASE_URL=http://127.0.0.1:<port>/w/<key>"

  Rule: A mistake is named before anything is spent

    Scenario Outline: <FAULT>
      Given a file "experiment.yaml" that says:
        """
        name: own
        tasks: { bank: builtin, include: [lru-cache] }
        providers:
          one: { driver: builtin-agent, model: claude-sonnet-4-5 }
          two: { <PROVIDER>, model: m }
        """
      When I run "experiment plan"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yaml:5: expected "providers.two.<MESSAGE>
        """
      And nothing is written

      Examples:
        | FAULT                        | PROVIDER                                                       | MESSAGE                                                                                                                                                                            |
        | No command                   | driver: command                                                | command" to be the program of driver: command, got nothing. Write e.g. command: [python3, "{folder}/agent.py", "{prompt_file}"].                                                   |
        | A command of another driver  | driver: codex, command: [x]                                    | command" to be absent without driver: command, got it. Write driver: command, or leave it out.                                                                                     |
        | An unknown name                | driver: command, command: [x, "{task}"]                      | command.1" to be a text with known names in braces, got {task}. Write one of: {prompt}, {prompt_file}, {model}, {anthropic_base_url}, {openai_base_url}, {gemini_base_url}, {key}, {home}, {folder}; or {{ for a brace. |
        | A log-in that it has not     | driver: command, command: [x], auth: inherit                   | auth" to be "env VARIABLE", because no log-in of x can be used, got "inherit". Put a key into an environment variable and write e.g. auth: env ANTHROPIC_API_KEY.                  |
        | A log-in that can't be lent  | driver: codex, auth: inherit                                   | auth" to be "env VARIABLE", because no log-in of Codex can be used, got "inherit". Put a key into an environment variable and write e.g. auth: env OPENAI_API_KEY.                 |

    Example: A program that is not there
      Given the environment variable "K" holds a key
      And a file "experiment.yaml" that says:
        """
        name: own
        tasks: { bank: builtin, include: [lru-cache] }
        providers:
          one: { driver: builtin-agent, model: m, auth: env K }
          two: { driver: command, command: ["./no-agent"], model: m, auth: env K }
        """
      When I run "experiment run"
      Then it ends with exit code 2
      And it says 'two (command:no-agent) lacks the command "./no-agent".' on stderr
