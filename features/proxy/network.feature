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
      Given its file says "network: { allow: [packages.example.com, '*.example.org'] }"
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "Network of agents, besides their models: packages.example.com, *.example.org"

    Example: Every public host
      Given its file says "network: open"
      When I run "experiment plan"
      Then it ends with exit code 0
      And it prints "Network of agents, besides their models: open by choice, every public host"

    @slow
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
        | WHAT             | VALUE                               | MESSAGE                                                |
        | Another word     | half-open                           | to be closed, open, or the hosts that agents may reach |
        | No host          | { allow: [] }                       | to be a list of hosts                                  |
        | An address       | { allow: ['https://example.org/'] } | to be the name of a host, without port and path        |
        | A port           | { allow: ['example.org:443'] }      | to be the name of a host, without port and path        |
        | A pattern within | { allow: ['api.*.org'] }            | to be the name of a host, without port and path        |

  Rule: What a sandboxed agent asks for besides its models is refused at once, and counted

    Background:
      Given bubblewrap is installed

    Example: Other hosts, the machine itself and a cloud's metadata
      Given a small experiment whose agent asks for:
        | https://telemetry.example/ |
        | https://telemetry.example/ |
        | http://plain.example:8080/ |
        | http://127.0.0.2:9000/       |
        | http://169.254.169.254/    |
      When I run "experiment run"
      Then it ends with exit code 0
      Then every window has these blocked connections:
        | HOST              | PORT | COUNT |
        | telemetry.example | 443  | 2     |
        | plain.example     | 8080 | 1     |
        | 127.0.0.2         | 9000 | 1     |
        | 169.254.169.254   | 80   | 1     |
      And every window has:
        | network | closed |
      And the preview prints "Blocked connections: 10 ("
      And the preview prints "telemetry.example:443 2 times"

    @slow
    Example: An allowed host
      Given a small experiment whose agent asks for a page of a public host
      And its file says "network: { allow: [127.0.0.2] }"
      When I run "experiment run"
      Then every window has read the page through one tunnel
      And every window has:
        | network | allowed-hosts |
      And the preview prints "Network: agents could reach 127.0.0.2"
      And the preview prints "Tunnelled connections: 2 ("

    @slow
    Example: An open network still ends at this machine
      Given a small experiment whose agent asks for:
        | http://127.0.0.2:9000/    |
        | http://169.254.169.254/ |
      And its file says "network: open"
      When I run "experiment run"
      Then every window has these blocked connections:
        | HOST            | PORT | COUNT |
        | 127.0.0.2       | 9000 | 1     |
        | 169.254.169.254 | 80   | 1     |
      And every window has:
        | network | open |
      And the preview prints "Network: open by choice, agents could reach every public host"

  Rule: Without a sandbox nothing is held back, and the report says so

    Example: A machine without bubblewrap
      Given a small experiment
      And a PATH without bubblewrap
      When it is run there
      Then every window has:
        | network | unlimited |
      And the preview prints "Blocked connections: not counted, because no agent ran in a sandbox"
