import { expect, test } from "vitest";

import { GOOD, NO_SCENARIOS, grade, messages, statuses } from "./test-support/probe-folder.ts";

/** So that what hangs on purpose does not hold up the tests. */
const SHORT = { startMs: 240_000, loadMs: 1000, callMs: 1000 };

test.each([
  {
    fault: "no file at all",
    solution: undefined,
    message: /can't be loaded: Error: Cannot find module/u,
  },
  {
    fault: "no exports",
    solution: "export {};",
    message: /The solution has no function "add"/u,
  },
  { fault: "bad syntax", solution: "export const add = (", message: /can't be loaded: /u },
  {
    fault: "a throw while loading",
    solution: 'throw new RangeError("not today");',
    message: /can't be loaded: RangeError: not today/u,
  },
  {
    fault: "a throw of something strange while loading",
    solution: "throw Object.create(null);",
    message: /process ended \(exit code 1\)/u,
  },
  {
    fault: "an exit while loading",
    solution: "process.exit(0);",
    message: /process ended \(exit code 0\)/u,
  },
  {
    fault: "a flooded channel",
    solution: `import { writeSync } from "node:fs";
      for (let i = 0; i < 5000; i += 1) { try { writeSync(3, new Uint8Array(9000)); } catch { break; } }`,
    message: /sent an unexpected message/u,
  },
  {
    fault: "bent prototypes",
    solution: `for (const prototype of [Map, Array, Object, Promise, Buffer].map((type) => type.prototype)) {
        for (const name of Object.getOwnPropertyNames(prototype)) { try { prototype[name] = () => 3; } catch {} }
      }
      export const add = () => 3;`,
    hostLimits: SHORT,
    message: /SolutionBrokenError/u,
  },
])("$fault fails the scenario, not the grader", async ({ message, ...probe }) => {
  const result = await grade({
    ...probe,
    feature: "Feature: A probe\n  Scenario: It adds\n    Then 1 and 2 make 3\n",
    heldOut: NO_SCENARIOS,
  });
  expect(result.quality).toBe(0);
  expect(messages(result)).toEqual([expect.stringMatching(message)]);
});

const STRANGE_ANSWERS: Readonly<
  Record<string, { readonly code: string; readonly message: RegExp }>
> = {
  exit: { code: "process.exit(0)", message: /process ended \(exit code 0\)/u },
  abort: { code: "process.abort()", message: /process ended/u },
  nothing: { code: "{ throw undefined; }", message: /undefined/u },
  copyless: { code: "() => 3", message: /The result can't be copied/u },
  holes: { code: "new Array(4294967295)", message: /a sparse array/u },
  endless: {
    code: "{ let v: unknown = 1; for (let i = 0; i < 40; i += 1) v = [v, v]; return v; }",
    message: /more than 5000 parts/u,
  },
  deep: {
    code: "{ let v: unknown = 1; for (let i = 0; i < 90; i += 1) v = [v]; return v; }",
    message: /50 levels/u,
  },
  long: {
    code: '"x".repeat(10_000_000)',
    message: /A message of \d+ bytes is longer than 262144/u,
  },
  getters: {
    code: '{ const e = new Error("a"); Object.defineProperty(e, "message", { get() { throw e; } }); throw e; }',
    message: /process ended/u,
  },
};

const HANGS: Readonly<Record<string, string>> = {
  never: "new Promise(() => {})",
  loop: "{ while (true) {} }",
};

test("a scenario that gets a strange answer fails alone", async () => {
  const names = Object.keys(STRANGE_ANSWERS);
  const scenarios = names.map((name) => `  Scenario: ${name}\n    Then ${name} gives ${name}\n`);
  const functions = Object.entries(STRANGE_ANSWERS).map(
    ([name, { code }]) => `export const ${name} = (): unknown => ${code};\n`,
  );
  const result = await grade({
    solution: `${GOOD}${functions.join("")}`,
    feature: `Feature: Strange answers\n${scenarios.join("")}`,
  });
  expect(statuses(result)).toEqual({
    ...Object.fromEntries(names.map((name) => [name, "failed"])),
    "It adds below nothing": "passed",
  });
  const expected = Object.values(STRANGE_ANSWERS).map(({ message }) =>
    expect.stringMatching(message),
  );
  expect(messages(result)).toEqual([...expected, undefined]);
});

test("a scenario that gets no answer fails", async () => {
  const names = Object.keys(HANGS);
  const scenarios = names.map((name) => `  Scenario: ${name}\n    Then ${name} gives ${name}\n`);
  const functions = names.map((name) => `export const ${name} = (): unknown => ${HANGS[name]};\n`);
  const result = await grade({
    solution: functions.join(""),
    hostLimits: { ...SHORT, loadMs: 240_000 },
    feature: `Feature: Hangs\n${scenarios.join("")}`,
    heldOut: NO_SCENARIOS,
  });
  expect(result.quality).toBe(0);
  expect(messages(result)).toEqual(
    names.map(() => expect.stringMatching(/did not answer within 1 s/u)),
  );
});

test("what a solution prints neither counts nor hurts", async () => {
  const flood = 'for (let i = 0; i < 2000; i += 1) console.log("PASSED ".repeat(2000));\n';
  const result = await grade({ solution: `${flood}${GOOD}` });
  expect(result.quality).toBe(1);
});

test("a module that has hung twice while loading is still tried by each scenario, for a shorter time", async () => {
  const names = Array.from({ length: 6 }, (_, number) => `It adds, time ${String(number)}`);
  const result = await grade({
    solution: "while (true) {}",
    hostLimits: SHORT,
    feature: `Feature: A probe\n${names.map((name) => `  Scenario: ${name}\n    Then 1 and 2 make 3\n`).join("")}`,
    heldOut: NO_SCENARIOS,
  });
  expect(result.quality).toBe(0);
  const said = messages(result).map((message) => /within ([\d.]+) s/u.exec(message ?? "")?.[1]);
  expect(said.at(0)).toBe("1");
  expect(said.at(-1)).toBe("0.25");
  expect(said).not.toContain(undefined);
});
