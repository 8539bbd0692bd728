Feature: Messages for bad input
  A message names file, line, value and remedy. The exit code is 2, and nothing is written.

  Background:
    Given a file "experiment.yaml" that says:
      """
      name: small
      seed: "42"
      tasks:
        bank: builtin
        include: [lru-cache]
      providers:
        big: { driver: builtin-agent, model: big, upstream: script }
        tiny: { driver: builtin-agent, model: tiny, upstream: script }
      baseline: big
      upstreams:
        script:
          scripted:
            big: { output_tokens: 300 }
            tiny: { output_tokens: 100 }
      """

  Rule: A mistake in the experiment file is named with its line

    Scenario Outline: <FAULT>
      Given the file "experiment.yaml" is changed:
        | TEXT | INSTEAD |
        | <TEXT> | <INSTEAD> |
      When I run "experiment run"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yaml:<MESSAGE>
        """
      And nothing is written

      Examples: Names that lead nowhere
        | FAULT            | TEXT                                          | INSTEAD                                       | MESSAGE                                                                                                                                               |
        | unknown baseline | baseline: big                                 | baseline: claude                              | 9: expected "baseline" to be the name of a provider, got "claude". Write one of: big, tiny.                                                           |
        | unknown upstream | model: big, upstream: script                  | model: big, upstream: scrypt                  | 7: expected "providers.big.upstream" to be the name of an upstream, got "scrypt". Did you mean "script"? Write one of: script, anthropic, openai, google, dashscope; or add it to "upstreams". |
        | unknown driver   | tiny: { driver: builtin-agent                 | tiny: { driver: bultin-agent                  | 8: expected "providers.tiny.driver" to be the name of a driver, got "bultin-agent". Did you mean "builtin-agent"? Write one of: builtin-agent, claude-code, codex, opencode, gemini, qwen, pi, command. |
        | unplayed model   | model: tiny                                   | model: teeny                                  | 8: expected "providers.tiny.model" to be a model that the upstream "script" plays, got "teeny". Did you mean "tiny"? Write one of: big, tiny.                              |
        | unknown bank     | bank: builtin                                 | bank: nowhere                                 | 4: expected "tasks.bank" to be a folder of tasks, got "nowhere", which is not a folder. Write a path relative to this file.                       |
        | unknown task     | [lru-cache]                                   | [lru-cache, lru-cash]                         | 5: expected "tasks.include" to name tasks of BANK, got "lru-cash". Did you mean "lru-cache"? Known tasks: TASKS. Correct the name, or add the task's folder.                    |
        | unknown field    | baseline: big                                 | basline: big                                  | 9: expected a known field, got "basline". Did you mean "baseline"? Known fields: name, seed, tasks, providers, baseline, design, upstreams, routes, budgets, analysis, prices, limits, isolation, network, telemetry, resources.           |
        | no such field    | baseline: big                                 | colour: big                                   | 9: expected a known field, got "colour". Known fields: name, seed, tasks, providers, baseline, design, upstreams, routes, budgets, analysis, prices, limits, isolation, network, telemetry, resources.           |
        | field in capitals | baseline: big                                | Baseline: big                                 | 9: expected a known field, got "Baseline". Did you mean "baseline"? Known fields: name, seed, tasks, providers, baseline, design, upstreams, routes, budgets, analysis, prices, limits, isolation, network, telemetry, resources.           |
        | unknown subfield | big: { output_tokens                          | big: { output_token                           | 13: expected a known field, got "upstreams.script.scripted.big.output_token". Did you mean "output_tokens"? Known fields: PROFILE.                                                  |

      Examples: Values that can't be used
        | FAULT              | TEXT                       | INSTEAD                            | MESSAGE                                                                                                                                           |
        | seed unquoted      | seed: "42"                 | seed: 42                           | 2: expected "seed" to be a text in quotes, got 42. Write it in quotes, e.g. seed: "42".                                                           |
        | seed empty         | seed: "42"                 | seed: ""                           | 2: expected "seed" to be a text in quotes, got "". Write it in quotes, e.g. seed: "42".                                                           |
        | model forgotten    | model: tiny,               |                                    | 8: expected "providers.tiny.model" to be the name of a model, got nothing. Write it as the upstream spells it, e.g. claude-sonnet-4-5.             |
        | odd block size     | baseline: big              | design: { blocks: 3 }              | 9: expected "design.blocks" to be an even number from 2 to 20, got 3. Write the size of a block, e.g. 2.                                          |
        | a workflow without a name | big: { driver: builtin-agent, | big: { driver: builtin-agent, workflow: "", | 7: expected "providers.big.workflow" to be solo, team or the name of a workflow file, got "". Write e.g. team. A file of your own is checked by: experiment workflow check FILE |
        | half a credential  | model: big,                | model: big, auth: env,             | 7: expected "providers.big.auth" to be "inherit" or "env VARIABLE", got "env". Write inherit for the client's own log-in, or e.g. env ANTHROPIC_API_KEY. |
        | budget too small   | baseline: big              | budgets: { overall: { tokens: -5 } } | 9: expected "budgets.overall.tokens" to be a whole number of tokens, 0 or more, got -5. Write digits only, e.g. 200000; 0 allows nothing.        |
        | budget with a unit | baseline: big              | budgets: { overall: { tokens: 10k tokens } } | 9: expected "budgets.overall.tokens" to be a whole number of tokens, 0 or more, got "10k tokens". Write digits only, e.g. 200000; 0 allows nothing. |
        | bad YAML           | baseline: big              | baseline: [big                     | 10: expected valid YAML, got: Flow sequence in block collection must be sufficiently indented and end with a ]. Correct the YAML syntax here. |

    Scenario Outline: A credential in the file is not repeated: <FAULT>
      Given the file "experiment.yaml" is changed:
        | TEXT        | INSTEAD                   |
        | model: big, | model: big, <AUTH>        |
      When I run "experiment run"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yaml:7: expected "providers.big.auth" to be "inherit" or "env VARIABLE", got <SAID>. <REMEDY>
        """
      And nothing is written

      Examples:
        | FAULT            | AUTH                                 | SAID             | REMEDY |
        | a key            | auth: sk-ant-api03-c0ffee,           | a literal key    | Put the key into an environment variable and write its name, e.g. env ANTHROPIC_API_KEY. Replace the key: this file may have been copied. |
        | a key behind env | auth: "env sk-ant-api03-c0ffee",     | a literal key    | Put the key into an environment variable and write its name, e.g. env ANTHROPIC_API_KEY. Replace the key: this file may have been copied. |
        | a plain key      | auth: env gsk_0123456789abcdef0123,  | a literal key    | Put the key into an environment variable and write its name, e.g. env ANTHROPIC_API_KEY. Replace the key: this file may have been copied. |
        | a shell variable | auth: $ANTHROPIC_API_KEY,            | a shell variable | Write inherit for the client's own log-in, or e.g. env ANTHROPIC_API_KEY. |
        | a header         | auth: { bearer: sk-ant-api03-c0 },   | a map            | Write inherit for the client's own log-in, or e.g. env ANTHROPIC_API_KEY. |
        | a list           | auth: [sk-ant-api03-c0],             | a list           | Write inherit for the client's own log-in, or e.g. env ANTHROPIC_API_KEY. |

    Scenario Outline: An address with a secret is refused before anything is written: <FAULT>
      Given the file "experiment.yaml" is changed:
        | TEXT      | INSTEAD                                  |
        | upstreams: | upstreams:\n  own: { base_url: "<URL>" } |
      When I run "experiment <COMMAND>"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yaml:11: expected "upstreams.own.base_url" to be an address without user, password, query, fragment and key, got <SAID>. Write e.g. https://api.anthropic.com. Put the key into an environment variable and write its name, e.g. env ANTHROPIC_API_KEY. Replace the key: this file may have been copied.
        """
      And nothing is written

      Examples:
        | FAULT              | COMMAND       | URL                                  | SAID                       |
        | a password         | run           | https://me:c0ffee@example.com        | one with a password        |
        | a user             | plan          | https://c0ffee@example.com           | one with a user            |
        | a query            | run           | https://example.com/v1?api_key=c0ffee | one with a query          |
        | a key in the path  | proxy         | https://example.com/sk-ant-api03-c0ffee/v1 | one with a key in its path |
        | no scheme          | run --rehearse | me:c0ffee@example.com                | a text that may hold a key |

    Example: A key inside a value of the wrong kind
      Given the file "experiment.yaml" is changed:
        | TEXT                                                         | INSTEAD                       |
        | big: { driver: builtin-agent, model: big, upstream: script } | big: [{ auth: sk-ant-c0ffee }] |
      When I run "experiment run"
      Then it ends with exit code 2
      And it says 'got [{"auth":"…"}]' on stderr

    Example: One provider only
      Given the file "experiment.yaml" is changed:
        | TEXT                                                           | INSTEAD |
        | tiny: { driver: builtin-agent, model: tiny, upstream: script } |         |
      When I run "experiment run"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yaml:6: expected "providers" to be 2 to 6 providers, got 1 (big). Add another provider to compare.
        """
      And nothing is written

    Example: Several mistakes at once
      Given the file "experiment.yaml" is changed:
        | TEXT | INSTEAD |
        | seed: "42" | seed: 42 |
      And the file "experiment.yaml" is changed:
        | TEXT | INSTEAD |
        | baseline: big | baselin: big |
      When I run "experiment plan"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yaml:2: expected "seed" to be a text in quotes, got 42. Write it in quotes, e.g. seed: "42".
        experiment.yaml:9: expected a known field, got "baselin". Did you mean "baseline"? Known fields: name, seed, tasks, providers, baseline, design, upstreams, routes, budgets, analysis, prices, limits, isolation, network, telemetry, resources.
        """

  Rule: A mistake on the command line is named with its option

    Scenario Outline: experiment <LINE>
      When I run "experiment <LINE>"
      Then it ends with exit code 2
      And it is refused with:
        """
        <MESSAGE>
        """
      And nothing is written

      Examples:
        | LINE                   | MESSAGE                                                                                                                                        |
        | run --seed             | option '--seed <seed>' argument missing. Write a value after it. (--help says more)                                                            |
        | run --seed --json      | option '--seed <seed>' argument '--json' is invalid. That is an option. Write a value before it. (--help says more)                            |
        | run --seed=            | option '--seed <seed>' argument '' is invalid. Write a value, or leave the option out. (--help says more)                                      |
        | run --config no.yaml   | no.yaml: there is no such file. Write one with "experiment init", or leave --config out to run the rehearsal.                                  |
        | run --config .         | FOLDER: expected a file, got a folder. Name a YAML file.                                                                                       |
        | run --frobnicate       | unknown option '--frobnicate'. (--help says more)                                                                                              |
        | frobnicate             | unknown command 'frobnicate'. (--help says more)                                                                                               |
        | run lru-cache          | too many arguments for 'run'. Expected 0 arguments but got 1: lru-cache. (--help says more)                                                    |

    Example: An empty variable
      Given the variable COUNTERBALANCE_SEED is ""
      When I run "experiment run"
      Then it ends with exit code 2
      And it is refused with:
        """
        environment COUNTERBALANCE_SEED: expected a seed, got "". Write one, e.g. 42, or unset the variable.
        """
      And nothing is written

  Rule: A mistake in a task is named with the line of the task's own file

    Example: A task without an acceptance suite
      Given a bank "bank" with a copy of the task "lru-cache"
      And the file "experiment.yaml" is changed:
        | TEXT | INSTEAD |
        | bank: builtin | bank: bank |
      And "bank/lru-cache/acceptance" is removed
      When I run "experiment run"
      Then it ends with exit code 2
      And it is refused with:
        """
        bank/lru-cache/task.yaml:6: the task has no acceptance suite: expected "acceptance/" to hold step definitions (*.steps.mjs), got nothing. Write them as docs/reference/tasks.md shows.
        """
      And nothing is written

    Example: A value in task.yaml
      Given a bank "bank" with a copy of the task "lru-cache"
      And the file "experiment.yaml" is changed:
        | TEXT | INSTEAD |
        | bank: builtin | bank: bank |
      And the file "bank/lru-cache/task.yaml" is changed:
        | TEXT           | INSTEAD        |
        | timeout_s: 900 | timeout_s: 10s |
      When I run "experiment run"
      Then it ends with exit code 2
      And it is refused with:
        """
        bank/lru-cache/task.yaml:7: expected "timeout_s" to be a positive integer, got "10s". Write seconds, e.g. 600.
        """
      And nothing is written

  Rule: A configuration in a parent folder is named, and not used

    Example: A folder below that of the experiment file
      When I run "experiment plan" in the folder "notes/today"
      Then it ends with exit code 0
      And the message begins with the line "experiment: this is the rehearsal. FOLDER/experiment.yaml is in a parent folder and is not used: use it with --config ../../experiment.yaml."
      And it prints "(rehearsal), seed 1"

    Example: The option finds it
      When I run "experiment plan --config ../../experiment.yaml" in the folder "notes/today"
      Then it ends with exit code 0
      And it prints "(small), seed 42"
      And it says nothing on stderr
