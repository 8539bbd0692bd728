import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { loadTaskBank } from "../bank/load-task-bank.ts";
import { loadVariants } from "../bank/load-variants.ts";
import { requireGherkin } from "../bank/require-gherkin.ts";
import type { GherkinTask } from "../bank/task.ts";
import { gradeSolution } from "../grading/grade.ts";
import { type TaskCheck, checkTask } from "./check-task.ts";

const SHIPPED_BANK = path.resolve(import.meta.dirname, "../../../task-bank");
const environment = processEnvironment();

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "check-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function check(task: GherkinTask): Promise<TaskCheck> {
  const scratch = path.join(folder, "scratch");
  mkdirSync(scratch);
  const result = await checkTask(task, { environment, scratch, timeoutMs: 900_000 });
  expect(readdirSync(scratch)).toEqual([]);
  return result;
}

function loadOne(bank: string, id: string): GherkinTask {
  const [task] = loadTaskBank(bank, [id]);
  if (task === undefined) throw new Error(`There is no task ${id}.`);
  return requireGherkin(task);
}

test("a shipped task withstands every cheat, and its variants fail what they say", async () => {
  const task = loadOne(SHIPPED_BANK, "lru-cache");
  const variants = loadVariants(task).filter(({ name }) => name !== "solution");
  const { claims, ok, taskId } = await check(task);
  expect(claims.filter((claim) => !claim.ok)).toEqual([]);
  expect({ taskId, ok }).toEqual({ taskId: "lru-cache", ok: true });
  expect(claims.map(({ claim }) => claim)).toEqual([
    "the solution has files under the declared paths only",
    ...variants.map(({ name }) => `the variant "${name}" has files under the declared paths only`),
    "the solution scores 1",
    ...variants.map(({ name }) => `the variant "${name}" fails the scenarios that it says`),
    "the untouched workspace (the null agent) scores 0",
    'an agent that only prints "PASSED" scores 0',
    "an agent that edits the tests and the feature in its workspace scores 0",
    "a module that patches node:assert scores 0",
    "a module that ends its process with exit code 0 scores 0",
    "a module that overwrites process.exit and cucumber's globals scores 0",
    "a module that forges messages of its process scores 0",
  ]);
});

test.each(["csv-records", "rate-limiter", "room-bookings"])(
  "the shipped task %s tells its solution from its empty workspace",
  async (id) => {
    const task = loadOne(SHIPPED_BANK, id);
    const qualities: number[] = [];
    for (const part of ["solution", "workspace"]) {
      const scratch = path.join(folder, part);
      mkdirSync(scratch);
      const workspace = path.join(task.folder, part);
      // One after the other: two gradings at once would compete for the same cores.
      const { quality } = await gradeSolution({
        task,
        workspace,
        scratch,
        timeoutMs: 900_000,
        environment,
      });
      qualities.push(quality);
    }
    expect(qualities).toEqual([1, 0]);
  },
);

test("a task that proves nothing is found out", async () => {
  const bank = path.join(folder, "bank");
  cpSync(path.join(SHIPPED_BANK, "lru-cache"), path.join(bank, "weak"), { recursive: true });
  const put = (file: string, text: string): void =>
    writeFileSync(path.join(bank, "weak", file), text);
  const yaml = readFileSync(path.join(bank, "weak", "task.yaml"), "utf8");
  put("task.yaml", yaml.replace("lru-cache", "weak"));
  put("feature.feature", "Feature: Weak\n  Scenario: Anything goes\n    Then nothing is asked\n");
  put(
    "acceptance/held-out.feature",
    "Feature: Weak\n  Scenario: It is made\n    Then a cache for 1 entry is made\n",
  );
  put(
    "acceptance/lru-cache.steps.mjs",
    `import { Then } from "@cucumber/cucumber";
    Then("nothing is asked", () => undefined);
    Then("a cache for 1 entry is made", async function () { await this.solution.construct("LruCache", 1); });`,
  );
  put("variants/variants.yaml", "variants: [{ name: never-forgets, fails: [It is made] }]\n");
  put("solution/notes.md", "");

  const { claims, ok } = await check(loadOne(bank, "weak"));
  expect(ok).toBe(false);
  expect(claims.filter((claim) => !claim.ok).slice(0, 3)).toEqual([
    {
      claim: "the solution has files under the declared paths only",
      expected: "files below src/ only",
      got: "notes.md",
      ok: false,
    },
    {
      claim: 'the variant "never-forgets" fails the scenarios that it says',
      expected: "It is made",
      got: "none",
      ok: false,
    },
    {
      claim: "the untouched workspace (the null agent) scores 0",
      expected: "0",
      got: "0.5 (passed: Anything goes)",
      ok: false,
    },
  ]);
});

test("a broken suite is reported as a claim that does not hold", async () => {
  const bank = path.join(folder, "bank");
  cpSync(path.join(SHIPPED_BANK, "lru-cache"), path.join(bank, "lru-cache"), { recursive: true });
  rmSync(path.join(bank, "lru-cache", "variants"), { recursive: true });
  writeFileSync(path.join(bank, "lru-cache", "feature.feature"), "No Gherkin\n");
  const { claims } = await check(loadOne(bank, "lru-cache"));
  expect(claims.find(({ claim }) => claim === "the solution scores 1")).toMatchObject({
    ok: false,
    expected: "a grade",
    got: expect.stringMatching(/^The acceptance suite is not valid\. feature\.feature: /u),
  });
});
