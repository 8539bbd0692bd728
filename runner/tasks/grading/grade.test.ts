import {
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, test } from "vitest";

import {
  GOOD,
  NO_SCENARIOS,
  ProbeFolder,
  STEPS,
  grade,
  messages,
  statuses,
} from "./test-support/probe-folder.ts";

/** Right for one of the two visible scenarios and for no held-out one. */
const LARGE_SUMS = "export const add = (a, b) => Math.max(a + b, 4);";

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

test("one host removes the types, and the others load what it left", async () => {
  using folder = new ProbeFolder();
  await folder.grade({ solution: GOOD });
  const [file = "none"] = globSync(path.join(folder.folder, "scratch-*/stripped/src/probe.ts"));
  expect(readFileSync(file, "utf8").replaceAll(/ +/gu, " ")).toBe(
    "export const add = (a , b ) => a + b;\n",
  );
});

test("quality is the mean of the visible and the held-out share, and a failure says why without paths", async () => {
  const result = await grade({ solution: LARGE_SUMS });
  // One of two visible scenarios passes, and the only held-out one fails.
  expect(result).toMatchObject({ quality: 0.25, qualityVisible: 0.5, qualityHeldOut: 0 });
  expect(statuses(result)).toEqual({
    "It adds": "failed",
    "It adds again": "passed",
    "It adds below nothing": "failed",
  });
  expect(result.scenarios[0]?.message).toContain("4 !== 3");
  expect(JSON.stringify(result)).not.toContain(tmpdir());
});

test.each([
  ["visible", { feature: NO_SCENARIOS }, { qualityVisible: undefined, qualityHeldOut: 0 }],
  ["held-out", { heldOut: NO_SCENARIOS }, { quality: 0.5, qualityHeldOut: undefined }],
])("without %s scenarios, quality is the other share", async (_suite, features, expected) => {
  const result = await grade({ solution: LARGE_SUMS, ...features });
  expect(result).toMatchObject(expected);
  expect(result.quality).toBe(result.qualityVisible ?? result.qualityHeldOut);
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
Then("this is am{word}", () => undefined);
`,
  });
  expect(statuses(result)).toEqual({
    Undefined: "undefined",
    Pending: "pending",
    Skipped: "skipped",
    Ambiguous: "ambiguous",
    Empty: "unknown",
    "It adds below nothing": "passed",
  });
});

test("no scenario sees what another one left in the solution", async () => {
  const solution =
    "let calls = 0; export const add = (a, b) => { calls += 1; Object.prototype.calls = 1; return calls === 1 ? a + b : NaN; };";
  expect((await grade({ solution })).quality).toBe(1);
});

test("no symbolic link is followed, neither a folder nor a file", async () => {
  using folder = new ProbeFolder();
  folder.put("elsewhere/probe.ts", GOOD);
  folder.put("workspace/README.md", "");
  const source = path.join(folder.folder, "workspace/src");
  symlinkSync(path.join(folder.folder, "elsewhere"), source);
  expect((await folder.grade({})).quality).toBe(0);
  rmSync(source);
  mkdirSync(source);
  symlinkSync(path.join(folder.folder, "elsewhere/probe.ts"), path.join(source, "probe.ts"));
  expect((await folder.grade({})).quality).toBe(0);
});

test("only declared paths are graded", async () => {
  using folder = new ProbeFolder();
  folder.put("workspace/lib/add.ts", GOOD);
  const result = await folder.grade({ solution: 'export { add } from "../lib/add.ts";' });
  expect(result.quality).toBe(0);
});

test("a solution that is too large is graded as one that does nothing", async () => {
  using folder = new ProbeFolder();
  for (let file = 0; file < 1001; file += 1) folder.put(`workspace/src/more/${file}.ts`, "");
  const result = await folder.grade({ solution: GOOD });
  expect(result.quality).toBe(0);
  expect(messages(result)).toEqual(
    Array.from({ length: 3 }, () => expect.stringContaining("more than 1000 files")),
  );
});

test.runIf(existsSync("/proc/self/cmdline"))(
  "no process is left when grading is over",
  async () => {
    using folder = new ProbeFolder();
    await folder.grade({ solution: `setInterval(() => undefined, 1000);\n${GOOD}` });
    // What was killed takes a moment to be gone from /proc on a busy machine.
    await expect.poll(() => commandLinesNaming(folder.folder)).toEqual([]);
  },
);

function commandLinesNaming(text: string): readonly string[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/u.test(entry))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return "";
      }
    })
    .filter((line) => line.includes(text));
}
