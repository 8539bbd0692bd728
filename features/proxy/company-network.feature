Feature: The network of a company
  In some companies, programs reach the internet only through a proxy. Often it also reads all TLS, with an
  authority of its own. The usual variables name both.

  Rule: All that leaves this machine goes through the company's proxy, and its password stays here

    Background:
      Given a small experiment in the network of a company

    @spawn
    Example: A run, whose models only the company's proxy knows
      When I run "experiment run"
      Then it ends with exit code 0
      And the company's proxy has led to "models.example:443" only, and nothing kept or printed has its password
      And every window has:
        | outcome | fail |

    Example: A variable that names no proxy
      Given the environment variable "SSL_CERT_FILE" holds a key
      When I run "experiment run"
      Then it ends with exit code 2
      And it says "SSL_CERT_FILE: expected a file of certificates in PEM, got" on stderr
      And ".experiment/ledger" does not exist

    Example: A public list of prices
      When I run "experiment prices refresh --from https://lists.example/api.json --out prices.yaml"
      Then it ends with exit code 0
      And it prints "Took the prices of 1 models"
      And the company's proxy has led to "lists.example:443" only, and nothing kept or printed has its password

    Example: What the doctor finds
      Given the environment variable "ANTHROPIC_API_KEY" holds a key
      When I run "experiment doctor"
      Then it ends with exit code 0
      And it prints each of:
        | network        yes    HTTPS_PROXY http://***@127.0.0.1: |
        | certificates   yes    those of Node, NODE_EXTRA_CA_CERTS |
      And no line that it prints has more than 80 columns

  Rule: Agents still meet the proxy that meters them first

    Background:
      Given bubblewrap is installed
      And a small experiment in the network of a company whose agent asks for "https://pages.example/"

    Example: A host that its window does not allow
      When I run "experiment run"
      Then every window has these blocked connections:
        | HOST          | PORT | COUNT |
        | pages.example | 443  | 1     |
      And the company's proxy has led to "models.example:443" only, and nothing kept or printed has its password

    @slow
    Example: A host that its window allows
      Given its file says "network: { allow: [pages.example] }"
      When I run "experiment run"
      Then it ends with exit code 0
      And the company's proxy has led to "models.example:443, pages.example:443" only, and nothing kept or printed has its password
