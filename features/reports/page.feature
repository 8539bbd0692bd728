@slow
Feature: The report as a page
  One file shows the answer, every window and what a window left. It loads nothing, and the browser computes
  the answer again from the data in the file.

  Background:
    Given Chromium is installed
    And the rehearsal has been run

  Rule: The first screen answers the five questions

    Example: On a laptop's screen
      When the page is opened in a window of 1440 by 800 pixels
      Then the texts of the five questions are on the first screen, and the page has fetched nothing and reported no error

  Rule: The browser computes the answer again

    Example: Nothing was changed
      When the page is opened in a window of 1440 by 800 pixels
      Then the page says "Agrees. Your browser computed the answer again from 8 windows" of itself

    Scenario Outline: Somebody changed <WHAT>
      Given the page has '<NEW>' in the place of '<OLD>'
      When the page is opened in a window of 1440 by 800 pixels
      Then the page says "Does not agree." of itself

      Examples:
        | WHAT                | OLD                               | NEW                            |
        | a printed figure    | "figures":{"pairsAB":             | "figures":{"pairsAB":7         |
        | the printed verdict | "printed":{"verdict":"stay lean"  | "printed":{"verdict":"expand"  |
        | a sentence          | small cheaper than large          | small dearer than large        |
        | a window's quality  | "quality":[0.                     | "quality":[0.1                 |
        | a request's latency | "latencyMs":[                     | "latencyMs":[9                 |

  Rule: Windows are found by filters, by sorting and by keyboard

    Example: One provider's windows
      Given the page is open
      When the reader chooses the provider "small"
      And the reader searches for "csv"
      Then the list shows the windows "W0-07"

    Example: The dearest window first
      Given the page is open
      When the reader sorts by "Cost" twice
      Then the first window of the list is the dearest one

    Example: To a window and back, by keyboard alone
      Given the page is open
      When the reader presses "/", types "W0-07" and opens the first window with Enter
      Then the page shows all of the window "W0-07", and going back shows the windows "W0-07" again

  Rule: Text from agents, tasks and models does nothing

    Example: It looks like HTML
      Given an anomaly of the kind "<img src=x onerror=globalThis.harm=1>" that affects "W0-01"
      And the log of "W0-01" ends with "</script><script>globalThis.harm=1</script>"
      And the diff of "W0-01" adds "</script><img src=y onerror=globalThis.harm=1>"
      When I run "experiment report"
      And the page of the window "W0-01" is opened
      Then it shows these texts as they are, and none of them has run:
        | <img src=x onerror=globalThis.harm=1>          |
        | </script><script>globalThis.harm=1</script>    |
        | </script><img src=y onerror=globalThis.harm=1> |
      And it ends with exit code 0

    Example: A model's name
      Given ".experiment" is removed
      And a small experiment with:
        | models | a'"><img src=x onerror=globalThis.harm=1>, model-b |
      When I run "experiment run"
      And the page is opened in a window of 360 by 800 pixels
      Then it shows these texts as they are, and none of them has run:
        | a'"><img src=x onerror=globalThis.harm=1> |
      And it ends with exit code 0

  Rule: Code can be left out

    Example: For readers who may not see it
      When I run "experiment report --without-code"
      And the page of the window "W0-01" is opened
      Then the page says "left out by --without-code" twice
      And it ends with exit code 0

  Rule: A server on this machine shows everything, and follows the ledger

    Example: A row is added while somebody reads
      Given "experiment view" shows the report
      And the reader searches for "csv"
      When an anomaly of the kind "made-up" that affects "W0-07" is recorded
      Then the list shows the flag "anomaly" at the windows "W0-07, W0-08"
      And only the address with its token, under its own name, is answered
      And Ctrl-C ends it with exit code 0

    Example: A visitor without the token asks for nonsense
      Given "experiment view" shows the report
      When somebody without the token asks it for:
        | //            |
        | //host:99999/ |
        | http://       |
      Then only the address with its token, under its own name, is answered
      And Ctrl-C ends it with exit code 0

    Example: It is opened in the browser
      Given a program "xdg-open" that notes what it is called with
      And "experiment view --open" shows the report
      Then "xdg-open" is called with the address that is printed
      And Ctrl-C ends it with exit code 0

  Rule: Every figure explains itself

    Example: In the overview
      When the page is opened in a window of 1440 by 800 pixels
      Then every table and figure of the page is explained, with a heading of the method page

    Example: On a window's page
      When the page of the window "W0-01" is opened
      Then every table and figure of the page is explained, with a heading of the method page

  Rule: Everybody can read it

    Example: Names of providers and models that are very long
      Given ".experiment" is removed
      And a small experiment with:
        | providers | providerproviderproviderproviderproviderproviderproviderproviderproviderprovider-first, providerproviderproviderproviderproviderproviderproviderproviderproviderprovider-second |
        | models    | 模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称, model-b                                                                                       |
      When I run "experiment run"
      And axe reads the overview-with-long-names in light at 360, 800 and 1440 pixels
      Then it ends with exit code 0
      And no page is wider than its window
      And it shows these texts as they are, and none of them has run:
        | providerproviderproviderproviderproviderproviderproviderproviderproviderprovider-first  |
        | providerproviderproviderproviderproviderproviderproviderproviderproviderprovider-second |
        | 模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称模型名称        |

    Scenario Outline: The <PAGE> in <SCHEME>
      When axe reads the <PAGE> in <SCHEME> at 360, 800 and 1440 pixels
      Then it finds nothing serious
      And no page is wider than its window
      And no picture, explanation or reason of a failure is too small or cut, and no table has to be scrolled at 1440 pixels

      Examples:
        | PAGE     | SCHEME |
        | overview | light  |
        | overview | dark   |
        | window   | light  |
        | window   | dark   |
