Feature: The configuration file
  The file is found and read as people know it from other tools.

  Rule: It may be called experiment.yml

    Background:
      Given a small experiment in "experiment.yml"

    Example: A plan finds it
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "(small), seed 1"

    Example: It is not written a second time
      When I run "experiment init"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yml: it is there already. Name another file with --config, or edit this one.
        """

    Example: One of two files must be an old copy
      Given a small experiment in "experiment.yaml"
      When I run "experiment plan"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yml: expected one configuration in the folder, got experiment.yaml and experiment.yml. Remove one, or name it with --config.
        """

  Rule: Merge keys take the fields of another map

    Example: A provider that is like another one but for its model
      Given a file "experiment.yaml" that says:
        """
        tasks: { bank: builtin, include: [lru-cache] }
        providers:
          first: &first { driver: builtin-agent, model: a, upstream: models }
          second: { <<: *first, model: b }
        upstreams: { models: { scripted: { a: {}, b: {} } } }
        """
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "Baseline first, candidate second"

  Rule: An address that clients would lengthen is refused

    Example: The address of a request
      Given a file "experiment.yaml" that says:
        """
        providers:
          first: { driver: builtin-agent, model: a, upstream: gateway }
          second: { driver: builtin-agent, model: b, upstream: gateway }
        upstreams:
          gateway: { base_url: "https://gateway.example.com/api/v1/messages", auth: env KEY }
        """
      When I run "experiment plan"
      Then it ends with exit code 2
      And it is refused with:
        """
        experiment.yaml:5: expected "upstreams.gateway.base_url" to be an address without the path of an API, got "https://gateway.example.com/api/v1/messages". Write https://gateway.example.com/api.
        """
