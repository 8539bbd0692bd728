Feature: A build graph with order, cycles and what to build again, held out

  Scenario: The order is that of a queue which is sorted anew for each target
    Given the build file "m: z / z: / a: m / k: / b: k z"
    Then the build order is "k, z, b, m, a"

  Scenario: Names are ordered by their characters
    Given the build file "a10: / a2: / B: / constructor: / __proto__: a10"
    Then the build order is "B, a10, __proto__, a2, constructor"

  Scenario: A need that is named twice counts once
    Given the build file "app: lib lib x.c x.c / lib: x.c x.c"
    When "x.c" changes
    Then "lib, app" are built again

  Scenario: A target that needs itself is a cycle
    Given the build file "app: lib / lib: x.c lib"
    Then the cycle "lib -> lib" is reported
    And no build order is given because of "lib -> lib"
    And a change of "x.c" is refused with a CycleError

  Scenario: A target before a cycle is no part of it
    Given the build file "a: b c / b: c / c: d b / d: c / e: a"
    Then the cycle "b -> c -> b" is reported

  Scenario: The first of several equally short cycles is shown
    Given the build file "a: z y / z: a / y: a x / x: a"
    Then the cycle "a -> y -> a" is reported
    But when "y" is changed to need "x", the cycle "a -> z -> a" is reported
    And when "z" is changed to need "x", the cycle "a -> y -> x -> a" is reported

  Scenario: Without a cycle there is none to report
    Given the build file "app: ui lib / ui: lib / lib: x.c"
    Then no cycle is reported
    And the build order is "lib, ui, app"

  Scenario: Several changes are built together, each target once
    Given the build file "app: lib ui / ui: b.c / lib: a.c / docs: text.md / all: app docs"
    When "b.c, a.c" change
    Then "lib, ui, app, all" are built again
    But without a change nothing is built again

  Scenario: A changed target is built again although no file has changed
    Given the build file "app: lib / lib: a.c / tool: lib"
    When "lib" changes
    Then "lib, app, tool" are built again

  Scenario: A second way around an output that stays the same
    Given the build file "app: types lib / lib: x.c / types: x.c / doc: types"
    When "x.c" changes, and the output of "types" stays the same
    Then "lib, types, app" are built again

  Scenario: A changed target whose output stays the same is built alone
    Given the build file "app: lib / lib: a.c"
    When "lib" changes, and the output of "lib" stays the same
    Then "lib" are built again

  Scenario: Other needs replace the old ones and add files
    Given the build file "app: a.c / lib: / # app: x / "
    When "app" is changed to need "c.c lib"
    Then a change of "a.c" is refused with a RangeError
    And a change of "x" or "" is refused with a RangeError
    But a change of "c.c" has "app" built again
    And the build order is "lib, app"
