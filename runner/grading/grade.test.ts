import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Task } from "../bank/task.ts";
import { processEnvironment } from "../environment.ts";
import type { Grade } from "./grade-types.ts";
import { type GradeRequest, gradeSolution } from "./grade.ts";
import { GraderError } from "./grader-error.ts";

const environment = processEnvironment();

const FEATURE = `Feature: A probe
  Scenario: It adds
    Then 1 and 2 make 3

  Scenario: It adds again
    Then 2 and 2 make 4
`;
const HELD_OUT = `Feature: A probe, held out
  Scenario: It adds below nothing
    Then -1 and 1 make 0
`;
const STEPS = `import assert from "node:assert/strict";
import { Then } from "@cucumber/cucumber";

Then("{int} and {int} make {int}", async function (a, b, sum) {
  assert.equal(await this.solution.call("add", a, b), sum);
});

Then("{word} is contained", async function (what) {
  assert.match(await this.solution.call("attempt", what), /^contained: /);
});

Then("{word} gives {word}", async function (name, expected) {
  const value = await this.solution.call(name);
  if (value === "end the suite") process.exit(0);
  assert.equal(value, expected);
});
`;
const GOOD = "export const add = (a: number, b: number): number => a + b;\n";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "grade-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function put(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
}

interface Probe {
  readonly solution?: string;
  readonly feature?: string;
  readonly heldOut?: string;
  readonly steps?: string;
}

/** Lays out a task and a workspace with a solution, ready to be graded. */
function makeRequest({
  solution,
  feature = FEATURE,
  heldOut = HELD_OUT,
  steps = STEPS,
}: Probe): GradeRequest {
  put("task/workspace/package.json", '{ "exports": "./src/probe.ts" }');
  put("task/acceptance/held-out.feature", heldOut);
  put("task/acceptance/probe.steps.mjs", steps);
  if (solution !== undefined) put("workspace/src/probe.ts", solution);
  mkdirSync(path.join(folder, "workspace"), { recursive: true });
  mkdirSync(path.join(folder, "scratch"));
  const task: Task = {
    id: "probe",
    title: "A probe",
    language: "typescript",
    stratum: "small",
    folder: path.join(folder, "task"),
    featureText: feature,
    solutionPaths: ["src/"],
    acceptancePaths: ["acceptance/"],
    timeoutS: 60,
    tokensMax: 1000,
    isDeterministic: true,
    digest: "",
  };
  return {
    task,
    workspace: path.join(folder, "workspace"),
    scratch: path.join(folder, "scratch"),
    timeoutMs: 60_000,
    environment,
  };
}

async function grade(probe: Probe): Promise<Grade> {
  return await gradeSolution(makeRequest(probe));
}

function statuses({ scenarios }: Grade): Record<string, string> {
  return Object.fromEntries(scenarios.map(({ name, status }) => [name, status]));
}

function messages({ scenarios }: Grade): readonly (string | undefined)[] {
  return scenarios.map(({ message }) => message);
}

test("a right solution passes every scenario, visible and held-out", async () => {
  const result = await grade({ solution: GOOD });
  expect(result).toMatchObject({
    scenarios: [
      { name: "It adds", suite: "visible", status: "passed" },
      { name: "It adds again", suite: "visible", status: "passed" },
      { name: "It adds below nothing", suite: "held-out", status: "passed" },
    ],
    quality: 1,
  });
  expect(result.durationMs).toBeGreaterThan(0);
  expect(result.cucumberVersion).toMatch(/^\d+\.\d+/u);
  expect(["bubblewrap", "permissions"]).toContain(result.isolation);
});

test("quality is the share of scenarios that pass, and a failure says why without paths", async () => {
  const result = await grade({ solution: "export const add = (a, b) => Math.max(a + b, 4);" });
  expect(result.quality).toBeCloseTo(1 / 3);
  expect(statuses(result)).toEqual({
    "It adds": "failed",
    "It adds again": "passed",
    "It adds below nothing": "failed",
  });
  expect(result.scenarios[0]?.message).toContain("4 !== 3");
  expect(JSON.stringify(result)).not.toContain(folder);
});

test("steps that are not defined, pending, skipped or ambiguous are not passed", async () => {
  const result = await grade({
    solution: GOOD,
    feature: `Feature: A probe
  Scenario: Undefined
    Then nobody knows this
  Scenario: Pending
    Then this is pending
  Scenario: Skipped
    Then this is skipped
  Scenario: Ambiguous
    Then this is ambiguous
  Scenario: Empty
`,
    steps: `${STEPS}
Then("this is pending", () => "pending");
Then("this is skipped", () => "skipped");
Then("this is ambiguous", () => undefined);
Then("this is {word}", () => undefined);
`,
  });
  expect(statuses(result)).toEqual({
    Undefined: "undefined",
    Pending: "ambiguous",
    Skipped: "ambiguous",
    Ambiguous: "ambiguous",
    "It adds below nothing": "passed",
  });
});

test.each([
  {
    fault: "no file at all",
    solution: undefined,
    message: /can't be loaded: Error: Cannot find module/u,
  },
  { fault: "no exports", solution: "export {};", message: /The solution has no function "add"/u },
  {
    fault: "an export that is no function",
    solution: "export const add = 3;",
    message: /no function "add"/u,
  },
  { fault: "bad syntax", solution: "export const add = (", message: /can't be loaded: /u },
  {
    fault: "a throw while loading",
    solution: 'throw new RangeError("not today");',
    message: /can't be loaded: RangeError: not today/u,
  },
  {
    fault: "a strange throw while loading",
    solution: "throw Object.create(null);",
    message: /process ended|can't be loaded/u,
  },
  {
    fault: "an exit while loading",
    solution: "process.exit(0);",
    message: /process ended \(exit code 0\)/u,
  },
  {
    fault: "an exit while called",
    solution: "export const add = () => process.exit(0);",
    message: /process ended \(exit code 0\)/u,
  },
  {
    fault: "an abort",
    solution: "export const add = () => process.abort();",
    message: /process ended \(SIGABRT\)/u,
  },
  {
    fault: "a throw of nothing",
    solution: "export const add = () => { throw undefined; };",
    message: /undefined/u,
  },
  {
    fault: "a result that can't be copied",
    solution: "export const add = () => () => 3;",
    message: /The result can't be copied/u,
  },
  {
    fault: "a result with holes",
    solution: "export const add = () => new Array(4294967295);",
    message: /an array with holes/u,
  },
  {
    fault: "a result that refers to itself without end",
    solution:
      "export const add = () => { let v: unknown = 1; for (let i = 0; i < 40; i += 1) v = [v, v]; return v; };",
    message: /more than 5000 parts/u,
  },
  {
    fault: "a result that is too deep",
    solution:
      "export const add = () => { let v: unknown = 1; for (let i = 0; i < 90; i += 1) v = [v]; return v; };",
    message: /50 levels/u,
  },
  {
    fault: "a result that is too long",
    solution: 'export const add = () => "x".repeat(10_000_000);',
    message: /A message of \d+ bytes is longer than 262144/u,
  },
  {
    fault: "an error with getters for its parts",
    solution:
      'export const add = () => { const e = new Error("a"); Object.defineProperty(e, "message", { get() { throw e; } }); throw e; };',
    message: /process ended/u,
  },
  {
    fault: "a channel that is flooded",
    solution:
      'import { writeSync } from "node:fs"; for (let i = 0; i < 5000; i += 1) { try { writeSync(3, new Uint8Array(9000)); } catch { break; } }',
    message: /said something that it was not asked|can't be loaded|process ended/u,
  },
  {
    fault: "prototypes bent out of shape",
    solution: `for (const prototype of [Map.prototype, Array.prototype, Object.prototype, Promise.prototype, Buffer.prototype]) {
      for (const name of Object.getOwnPropertyNames(prototype)) { try { prototype[name] = () => 3; } catch {} }
    }
    export const add = () => 3;`,
    message: /./u,
  },
])("$fault fails the scenarios, not the grader", async ({ solution, message }) => {
  const result = await grade({ ...(solution === undefined ? {} : { solution }) });
  expect(result.quality).toBe(0);
  expect(result.scenarios).toHaveLength(3);
  for (const text of messages(result)) expect(text).toMatch(message);
});

test("what a solution prints neither counts nor hurts", async () => {
  const flood = 'for (let i = 0; i < 2000; i += 1) console.log("PASSED ".repeat(2000));\n';
  const result = await grade({ solution: `${flood}${GOOD}` });
  expect(result.quality).toBe(1);
});

test("a scenario in which the solution never answers fails alone", async () => {
  const solution = "export const add = (a, b) => { while (a === 1) {} return a + b; };";
  const result = await grade({ solution });
  expect(statuses(result)).toMatchObject({ "It adds": "failed", "It adds again": "passed" });
  expect(result.scenarios[0]?.message).toContain("did not answer within 2 s");
});

test("a promise that never settles fails its scenario", async () => {
  const solution =
    "export const add = (a, b) => (a === 1 ? new Promise(() => {}) : Promise.resolve(a + b));";
  expect(statuses(await grade({ solution }))).toMatchObject({
    "It adds": "failed",
    "It adds again": "passed",
  });
});

test("a module that loops for ever while loading is waited for a few times only", async () => {
  const result = await grade({ solution: "while (true) {}" });
  expect(result.quality).toBe(0);
  expect(messages(result).at(-1)).toContain("never finishes loading");
  expect(result.durationMs).toBeLessThan(20_000);
}, 30_000);

test("no scenario sees what another one left in the solution", async () => {
  const solution =
    "let calls = 0; export const add = (a, b) => { calls += 1; Object.prototype.calls = 1; return calls === 1 ? a + b : NaN; };";
  expect((await grade({ solution })).quality).toBe(1);
});

test("only declared paths are graded, and no symbolic link is followed", async () => {
  const request = makeRequest({});
  put("elsewhere/probe.ts", GOOD);
  symlinkSync(path.join(folder, "elsewhere"), path.join(folder, "workspace/src"));
  expect((await gradeSolution(request)).quality).toBe(0);
  rmSync(path.join(folder, "workspace/src"));
  rmSync(path.join(folder, "scratch"), { recursive: true });
  mkdirSync(path.join(folder, "scratch"));
  mkdirSync(path.join(folder, "workspace/src"));
  symlinkSync(path.join(folder, "elsewhere/probe.ts"), path.join(folder, "workspace/src/probe.ts"));
  expect((await gradeSolution(request)).quality).toBe(0);
});

test("a solution that is too large is graded as one that does nothing", async () => {
  const request = makeRequest({ solution: GOOD });
  for (let file = 0; file < 1001; file += 1) put(`workspace/src/more/${file}.ts`, "");
  const result = await gradeSolution(request);
  expect(result.quality).toBe(0);
  expect(messages(result)).toEqual(
    Array.from({ length: 3 }, () => expect.stringContaining("more than 1000 files")),
  );
});

const ATTACKS = `
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
const here = dirname(new URL(import.meta.url).pathname);
const attacks: Record<string, () => unknown> = {
  passwords: () => readFileSync("/etc/passwd", "utf8"),
  acceptance: () => readFileSync(here + "/../../suite/acceptance/probe.steps.mjs", "utf8"),
  scratch: () => readdirSync(here + "/../.."),
  bank: () => readdirSync(BANK),
  product: () => readdirSync(PRODUCT),
  writing: () => writeFileSync(here + "/new.ts", ""),
  variables: () => { if (Object.keys(process.env).length === 0) throw new Error("no variables"); },
  child: async () => (await import("node:child_process")).execFileSync("/bin/true"),
  binding: () => process.binding("spawn_sync"),
  worker: async () => new (await import("node:worker_threads")).Worker("0", { eval: true }),
  addon: () => process.dlopen({ exports: {} }, "/lib/x.node"),
  signal: () => process.kill(process.ppid, 0),
  debugger: () => process._debugProcess(process.ppid),
  socket: async () => (await import("node:net")).connect(1, "127.0.0.1"),
  required: async () => (await import("node:module")).createRequire(import.meta.url)("net").connect(1),
  builtin: () => process.getBuiltinModule("net").connect(1),
  fetching: () => fetch("http://127.0.0.1:1/"),
  sending: () => process.send({ kind: "scenario_finished", key: "feature.feature:2", status: "passed" }),
  descriptors: () => readFileSync("/proc/self/fd/4"),
};
export const attempt = async (what: string) => {
  try { await attacks[what](); return "escaped"; } catch (error) { return "contained: " + String(error); }
};
`;
const ATTACK_NAMES = [...ATTACKS.matchAll(/^ {2}(\w+): (?:async )?\(\)/gmu)].map(
  (match) => match[1],
);

test("a solution reaches no file, process, variable or network", async () => {
  const product = path.resolve(import.meta.dirname, "../..");
  const bank = path.join(folder, "task");
  const result = await grade({
    solution: ATTACKS.replace("BANK", JSON.stringify(bank)).replace(
      "PRODUCT",
      JSON.stringify(product),
    ),
    feature: `Feature: Attacks\n${ATTACK_NAMES.map((name) => `  Scenario: ${name}\n    Then ${name} is contained\n`).join("")}`,
    heldOut: "Feature: Nothing\n",
  });
  expect(ATTACK_NAMES.length).toBe(19);
  expect(statuses(result)).toEqual(
    Object.fromEntries(ATTACK_NAMES.map((name) => [name, "passed"])),
  );
});

test("a value that the suite's process does not survive fails its scenario, and the rest goes on", async () => {
  const result = await grade({
    solution: 'export const good = () => "well"; export const bad = () => "end the suite";',
    feature: `Feature: A probe
  Scenario: One
    Then good gives well
  Scenario: Two
    Then bad gives well
  Scenario: Three
    Then good gives well
`,
    heldOut: "Feature: Nothing\n",
  });
  expect(statuses(result)).toEqual({ One: "passed", Two: "failed", Three: "passed" });
});

test("a step that outlives its scenario can't reach the next one's solution", async () => {
  const result = await grade({
    solution:
      "let n = 0; export const add = (a, b) => a + b; export const count = () => String(++n);",
    feature: `Feature: A probe
  Scenario: One
    Then something goes on
  Scenario: Two
    Then count gives 1
`,
    heldOut: "Feature: Nothing\n",
    steps: `${STEPS}
Then("something goes on", function () {
  const go = async () => { for (let i = 0; i < 1000; i += 1) await this.solution.call("count"); };
  go().catch(() => undefined);
});
`,
  });
  expect(statuses(result)).toEqual({ One: "passed", Two: "passed" });
});

test.each([
  {
    fault: "two scenarios of one name",
    probe: { heldOut: FEATURE },
    message:
      'Two scenarios have the name "It adds": feature.feature:2 and acceptance/held-out.feature:2. Rename one.',
  },
  {
    fault: "a feature that is no Gherkin",
    probe: { feature: "Feature: A probe\n  Nonsense\n  Scenario: x\n Given" },
    message: /^The acceptance suite is not valid\. feature\.feature: /u,
  },
  {
    fault: "no scenarios",
    probe: { feature: "Feature: A\n", heldOut: "Feature: B\n" },
    message: /no scenarios/u,
  },
  {
    fault: "steps that can't be loaded",
    probe: { steps: 'throw new Error("broken steps");' },
    message: /^The acceptance suite ended before its time\.[^]*broken steps/u,
  },
  {
    fault: "a step that ends the process by itself",
    probe: { steps: `${STEPS}process.exit(0);` },
    message: /ended before its time/u,
  },
])("$fault is the grader's error, not the solution's", async ({ probe, message }) => {
  const failure = await grade({ solution: GOOD, ...probe }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(GraderError);
  expect(failure).toMatchObject({
    message: typeof message === "string" ? message : expect.stringMatching(message),
  });
});

test("when time is up, a solution that hung fails what is left", async () => {
  const request = makeRequest({ solution: "export const add = () => { while (true) {} };" });
  const result = await gradeSolution({ ...request, timeoutMs: 4000 });
  expect(result.quality).toBe(0);
  expect(messages(result).at(-1)).toContain("hung too often");
});

test("when time is up and the solution did not hang, it is the grader's error", async () => {
  const request = makeRequest({ solution: GOOD });
  await expect(gradeSolution({ ...request, timeoutMs: 50 })).rejects.toThrow(
    new GraderError("Grading took longer than 0.05 s."),
  );
});

test.runIf(existsSync("/proc/self/cmdline"))(
  "no process is left when grading is over",
  async () => {
    await grade({ solution: `setInterval(() => undefined, 1000);\n${GOOD}` });
    const commandLines = readdirSync("/proc")
      .filter((entry) => /^\d+$/u.test(entry))
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, "utf8");
        } catch {
          return "";
        }
      });
    expect(commandLines.filter((line) => line.includes(folder))).toEqual([]);
  },
);
