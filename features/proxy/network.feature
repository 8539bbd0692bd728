Feature: The network of agents
  A sandboxed agent reaches its models through the proxy. The field network says what it reaches besides
  them: nothing, some hosts, or every public host.

  Rule: The network is part of the question

    Background:
      Given a small experiment

    Example: Closed, the default
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "Network of agents, besides their models: closed"

    Example: Some hosts
      Given its file says "network: { allow: [registry.npmjs.org, '*.example.org'] }"
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "Network of agents, besides their models: registry.npmjs.org, *.example.org"

    Example: Every public host
      Given its file says "network: open"
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "Network of agents, besides their models: open by choice, every public host"

    Example: A change of it is another experiment
      Given I run "experiment run"
      And its file says "network: open"
      When I run "experiment run --resume"
      Then it ends with exit code 2
      And it says "network" on stderr

  Rule: Hosts are names

    Scenario Outline: <WHAT>
      Given a small experiment
      And its file says "network: <VALUE>"
      When I run "experiment plan"
      Then it ends with exit code 2
      And it says "<MESSAGE>" on stderr

      Examples:
        | WHAT             | VALUE                                | MESSAGE                                                            |
        | Another word     | half-open                            | to be closed, open, or the hosts that agents may reach              |
        | No host          | { allow: [] }                        | to be a list of hosts                                               |
        | An address       | { allow: ['https://example.org/'] }  | to be the name of a host, without port and path                     |
        | A port           | { allow: ['example.org:443'] }       | to be the name of a host, without port and path                     |
        | A pattern within | { allow: ['api.*.org'] }             | to be the name of a host, without port and path                     |
