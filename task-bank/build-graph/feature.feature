Feature: A build graph with order, cycles and what to build again
  A build file has one line for each target, with the names that the target needs. A name
  without a line of its own is a file, which is never built. In the scenarios " / " stands for
  the end of a line.

  Scenario: A target is built after all that it needs
    Given the build file "app: lib ui / ui: lib / lib: lib.c"
    Then the build order is "lib, ui, app"

  Scenario: The first ready target by name is next
    Given the build file "zoo: ant / cat: / ant: x.c / bee: ant cat"
    Then the build order is "ant, cat, bee, zoo"

  Scenario: A cycle is shown from its first name round to it
    Given the build file "web: db / db: queue / queue: web / app: web"
    Then the cycle "db -> queue -> web -> db" is reported
    And no build order is given because of "db -> queue -> web -> db"

  Scenario: The shortest cycle through the first name is shown
    Given the build file "a: b d / b: c / c: a / d: a"
    Then the cycle "a -> d -> a" is reported

  Scenario: A changed file needs everything above it built again
    Given the build file "app: lib ui / ui: ui.c lib / lib: lib.c / docs: text.md"
    When "ui.c" changes
    Then "ui, app" are built again

  Scenario: A target with two ways to a changed file is built once
    Given the build file "app: lib ui / ui: lib / lib: lib.c"
    When "lib.c" changes
    Then "lib, ui, app" are built again

  Scenario: An output that stays the same spreads nothing
    Given the build file "app: lib / lib: types / types: api.txt / tool: api.txt"
    When "api.txt" changes, and the output of "types" stays the same
    Then "tool, types" are built again

  Scenario: A target gets other needs
    Given the build file "app: lib / lib: a.c"
    When "app" is changed to need "ui"
    And "ui" is changed to need "app"
    Then the cycle "app -> ui -> app" is reported
    But when "ui" is changed to need "lib", the build order is "lib, ui, app"

  Scenario: Names that the build file does not have are refused
    Given the build file "app: lib.c"
    Then a change of "lib.cc" is refused with a RangeError
    But a change of "lib.c" has "app" built again
