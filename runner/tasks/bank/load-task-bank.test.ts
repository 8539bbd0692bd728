import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { loadTaskBank, TaskUnknownError } from "./load-task-bank.ts";
import { loadVariants } from "./load-variants.ts";

const SHIPPED_BANK = path.resolve(import.meta.dirname, "../../../task-bank");

let bank = "";

beforeEach(() => {
  bank = mkdtempSync(path.join(tmpdir(), "bank-"));
  for (const id of ["lru-cache", "rate-limiter"]) {
    cpSync(path.join(SHIPPED_BANK, id), path.join(bank, id), { recursive: true });
  }
});

afterEach(() => rmSync(bank, { recursive: true }));

function edit(file: string, change: (text: string) => string): void {
  const target = path.join(bank, file);
  writeFileSync(target, change(readFileSync(target, "utf8")));
}

function remove(file: string): void {
  rmSync(path.join(bank, file), { recursive: true });
}

function idsOf(include: readonly string[]): readonly string[] {
  return loadTaskBank(SHIPPED_BANK, include).map(({ id }) => id);
}

/** The message with which loading fails, with the bank's folder as `BANK`. */
function messageOfLoading(include: readonly string[] = ["*"]): string {
  try {
    loadTaskBank(bank, include);
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return error.message.replaceAll(bank, "BANK");
    }
    throw error;
  }
  throw new Error("The bank was loaded.");
}

test("a task is read with all its facts", () => {
  const [task] = loadTaskBank(bank, ["lru-cache"]);
  expect(task).toMatchObject({
    kind: "gherkin",
    id: "lru-cache",
    title: "A cache that forgets the least recently used entry",
    language: "typescript",
    stratum: "small",
    folder: path.join(bank, "lru-cache"),
    solutionPaths: ["src/"],
    acceptancePaths: ["acceptance/"],
    timeoutS: 900,
    tokensMax: 120_000,
    isDeterministic: true,
  });
  expect(task).toHaveProperty(
    "featureText",
    expect.stringContaining("Scenario: A stored value is read back"),
  );
});

test("tasks come in the order of their ids, each once, whatever the patterns' order", () => {
  expect(idsOf(["*"])).toEqual(readdirSync(SHIPPED_BANK).toSorted());
  expect(idsOf(["room-*", "lru-cache", "*-limiter"])).toEqual([
    "lru-cache",
    "rate-limiter",
    "room-bookings",
  ]);
});

test("a task that nobody asked for may be broken", () => {
  edit("rate-limiter/task.yaml", () => "nonsense");
  expect(loadTaskBank(bank, ["lru-cache"])).toHaveLength(1);
});

test("the digest follows every file's path and bytes", () => {
  const digest = () => loadTaskBank(bank, ["lru-cache"])[0]?.digest;
  const before = digest();
  expect(before).toMatch(/^[0-9a-f]{64}$/u);
  expect(digest()).toBe(before);
  edit("lru-cache/acceptance/held-out.feature", (text) => `${text}\n`);
  const edited = digest();
  expect(edited).not.toBe(before);
  mkdirSync(path.join(bank, "lru-cache/workspace/new"));
  writeFileSync(path.join(bank, "lru-cache/workspace/new/empty"), "");
  expect(digest()).not.toBe(edited);
});

test("a missing bank is refused", () => {
  remove(".");
  expect(messageOfLoading()).toBe(
    "BANK: expected a folder of tasks, got nothing. Name an existing folder as the bank, or create the folder and put a task into it.",
  );
  mkdirSync(bank);
});

test("a pattern that names no task is refused with the known ones", () => {
  expect(messageOfLoading(["lru-cache", "lru-cash"])).toBe(
    'BANK: expected a task with the name "lru-cash", got none. Did you mean "lru-cache"? Known tasks: lru-cache, rate-limiter. Correct the name, or add the task\'s folder.',
  );
});

test.each([
  {
    fault: "a value of the wrong type",
    change: () => edit("lru-cache/task.yaml", (text) => text.replace("900", '"10s"')),
    message:
      'BANK/lru-cache/task.yaml:7: expected "timeout_s" to be a positive integer, got "10s". Write seconds, e.g. 600.',
  },
  {
    fault: "an unknown field",
    change: () => edit("lru-cache/task.yaml", (text) => `${text}timeout: 4\n`),
    message:
      'BANK/lru-cache/task.yaml:10: expected a known field, got "timeout". Did you mean "timeout_s"? Known fields: id, title, language, stratum, size, difficulty, family, solution, acceptance, timeout_s, tokens_max, deterministic, network.',
  },
  {
    fault: "an id that is not the folder's name",
    change: () => edit("lru-cache/task.yaml", (text) => text.replace("lru-cache", "mru-cache")),
    message:
      'BANK/lru-cache/task.yaml:1: expected "id" to be the folder\'s name "lru-cache", got "mru-cache". Write the folder\'s name, or rename the folder.',
  },
  {
    fault: "a language that the grader does not run",
    change: () => edit("lru-cache/task.yaml", (text) => text.replace("typescript", "cobol")),
    message:
      'BANK/lru-cache/task.yaml:3: expected "language" to be typescript or javascript, got "cobol". Write the language of the solution\'s modules.',
  },
  {
    fault: "an absolute solution path",
    change: () => edit("lru-cache/task.yaml", (text) => text.replace("[src/]", "[/etc]")),
    message:
      'BANK/lru-cache/task.yaml:5: expected "solution.0" to be a relative path inside the workspace, got "/etc". Write it without a leading slash and without .., e.g. src/.',
  },
  {
    fault: "a solution path that leads out",
    change: () => edit("lru-cache/task.yaml", (text) => text.replace("[src/]", "[src/../../x]")),
    message:
      'BANK/lru-cache/task.yaml:5: expected "solution.0" to be a relative path inside the workspace, got "src/../../x". Write it without a leading slash and without .., e.g. src/.',
  },
  {
    fault: "no solution path at all",
    change: () => edit("lru-cache/task.yaml", (text) => text.replace("[src/]", "[]")),
    message:
      'BANK/lru-cache/task.yaml:5: expected "solution" to be a list of paths, got []. List the only paths that are graded, e.g. [src/].',
  },
  {
    fault: "a missing task.yaml",
    change: () => remove("lru-cache/task.yaml"),
    message:
      'BANK/lru-cache/task.yaml:1: expected "task.yaml" to be a file, got nothing. Write it as docs/reference/tasks.md shows.',
  },
  {
    fault: "a missing feature",
    change: () => remove("lru-cache/feature.feature"),
    message:
      'BANK/lru-cache/feature.feature:1: expected "feature.feature" to be a file, got nothing. Write the specification there, in Gherkin.',
  },
  {
    fault: "a missing workspace",
    change: () => remove("lru-cache/workspace"),
    message:
      'BANK/lru-cache/workspace:1: expected "workspace" to be a folder, got nothing. Put the files there that the agent starts from.',
  },
  {
    fault: "a missing acceptance suite",
    change: () => remove("lru-cache/acceptance"),
    message:
      'BANK/lru-cache/task.yaml:6: the task has no acceptance suite: expected "acceptance/" to hold step definitions (*.steps.mjs), got nothing. Write them as docs/reference/tasks.md shows.',
  },
  {
    fault: "an acceptance suite without steps",
    change: () => remove("lru-cache/acceptance/lru-cache.steps.mjs"),
    message:
      'BANK/lru-cache/task.yaml:6: the task has no acceptance suite: expected "acceptance/" to hold step definitions (*.steps.mjs), got none. Write them as docs/reference/tasks.md shows.',
  },
  {
    fault: "a workspace that does not say which module is the solution",
    change: () => edit("lru-cache/workspace/package.json", () => "{}"),
    message:
      'BANK/lru-cache/workspace/package.json:1: expected "exports" to be a module below src/, got nothing. Write e.g. "exports": "./src/index.ts".',
  },
  {
    fault: "a module outside the graded paths",
    change: () => edit("lru-cache/workspace/package.json", () => '{ "exports": "./lib/a.ts" }'),
    message:
      'BANK/lru-cache/workspace/package.json:1: expected "exports" to be a module below src/, got "./lib/a.ts". Write e.g. "exports": "./src/index.ts".',
  },
])("$fault is refused", ({ change, message }) => {
  change();
  expect(messageOfLoading()).toBe(message);
});

test("bad YAML is refused with its line", () => {
  edit("lru-cache/task.yaml", (text) => text.replace("[src/]", "[src/"));
  expect(messageOfLoading()).toMatch(
    /^BANK\/lru-cache\/task\.yaml:\d: expected valid YAML, got: .+ Correct the YAML syntax here\.$/u,
  );
});

test("faults of the bank are faults of the configuration", () => {
  expect(new TaskUnknownError("a", "b", []).exitCode).toBe(2);
});

test("variants begin with the solution, which fails nothing", () => {
  const [task] = loadTaskBank(bank, ["lru-cache"]);
  const variants = task === undefined ? [] : loadVariants(task);
  expect(variants[0]).toEqual({
    name: "solution",
    folder: path.join(bank, "lru-cache", "solution"),
    fails: [],
  });
  expect(variants.find(({ name }) => name === "loose-limits")).toEqual({
    name: "loose-limits",
    folder: path.join(bank, "lru-cache", "variants", "loose-limits"),
    fails: [
      "Nothing can be stored as a value",
      "Everything but a whole number from one is refused",
    ],
  });
});

test("a task may have no variants, but none without a folder", () => {
  const [task] = loadTaskBank(bank, ["lru-cache"]);
  if (task === undefined) throw new Error("There is no task.");
  remove("lru-cache/variants/loose-limits");
  const file = path.join(task.folder, "variants", "variants.yaml");
  expect(() => loadVariants(task)).toThrow(
    new ConfigurationError(
      `${file}:1: expected the variant "loose-limits" to have a folder next to this file, got nothing. Put its files there, or take it off the list.`,
    ),
  );
  rmSync(file);
  expect(loadVariants(task).map(({ name }) => name)).toEqual(["solution"]);
});
