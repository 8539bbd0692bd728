import { mkdirSync, symlinkSync } from "node:fs";
import { appendFile, rm } from "node:fs/promises";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { removeFolder } from "../../../platform/git/remove-folder.ts";
import type { CommandTask } from "../../bank/task.ts";
import { type CommitLab, type Files, openCommitLab } from "../../setup/test-support/commit-lab.ts";
import { createWorkspace } from "../../workspaces/create-workspace.ts";
import { sealWorkspace } from "../../workspaces/seal-workspace.ts";
import { HOSTILE_ATTRIBUTES, HOSTILE_NAME } from "../../workspaces/test-support/hostile-rule.ts";
import { type Grade, GraderError } from "../grade-result.ts";
import { gradeCommandWork } from "./grade-command-work.ts";

/** A repository in JavaScript with one test that passes, and hidden tests of what is asked for. */
const JS: Files = {
  "package.json": JSON.stringify({ type: "module", scripts: { test: "node --test" } }),
  ".gitignore": "build/\n",
  "src/add.js": "export const add = (a, b) => a + b;\n",
  "src/double.js": "export const double = () => undefined;\n",
};
const HIDDEN = {
  "test/add.test.js": `import { test } from "node:test"; import assert from "node:assert";
import { add } from "../src/add.js";
test("adds", () => assert.equal(add(1, 2), 3));\n`,
  "test/double.test.js": `import { test } from "node:test"; import assert from "node:assert";
import { double } from "../src/double.js";
test("doubles", () => assert.equal(double(2), 4));
test("doubles nothing", () => assert.equal(double(0), 0));\n`,
  "test/canary.test.js": `import { test } from "node:test";
test("canary", () => { throw new Error("This test always fails."); });\n`,
};
const SOLVED = { "src/double.js": "export const double = (a) => 2 * a;\n" };
const JS_ACCEPTANCE = {
  run: [
    "node",
    "--test",
    "--test-reporter=junit",
    "--test-reporter-destination=results.xml",
    "test/add.test.js",
    "test/double.test.js",
    "test/canary.test.js",
  ],
  results: { format: "junit", file: "results.xml" },
  overlay: "hidden/",
  protect: ["package.json", "test/"],
  failToPass: ["test/double.test.js :: doubles", "test/double.test.js :: doubles nothing"],
  passToPass: ["test/add.test.js :: adds"],
  canaries: ["test/canary.test.js :: canary"],
} as const satisfies CommandTask["acceptance"];

let lab: CommitLab;
let task: CommandTask;

beforeEach(async () => {
  lab = await openCommitLab();
  const start = await lab.commit("Start", JS);
  task = lab.task(start, { acceptance: JS_ACCEPTANCE });
  await lab.put(path.join(task.folder, "hidden"), HIDDEN);
});

const opened: { readonly base: string }[] = [];

afterEach(async () => {
  for (const { base } of opened.splice(0)) await removeFolder(base);
});

/** Grades what an agent does in a workspace. */
async function grade(act: (folder: string) => Promise<void> | void): Promise<Grade> {
  const root = path.join(lab.root, "work");
  const { environment } = lab;
  const workspace = await createWorkspace({ task, root, name: "W0-01-1" }, environment);
  opened.push(workspace);
  await act(workspace.folder);
  const sealed = await sealWorkspace({ workspace, task }, environment);
  const scratch = path.join(lab.root, "scratch");
  mkdirSync(scratch);
  try {
    return await gradeCommandWork({ task, sealed, scratch, environment });
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function gradeFiles(files: Files): Promise<Grade> {
  return await grade(async (folder) => await lab.put(folder, files));
}

test("the untouched workspace scores 0, and the solution scores 1", async () => {
  expect((await gradeFiles({})).quality).toBe(0);
  const { quality, tampering, scenarios } = await gradeFiles(SOLVED);
  expect({ quality, tampering }).toEqual({ quality: 1, tampering: undefined });
  expect(scenarios).toEqual([
    { name: "test/add.test.js :: adds", suite: "visible", status: "passed" },
    { name: "test/double.test.js :: doubles", suite: "held-out", status: "passed" },
    { name: "test/double.test.js :: doubles nothing", suite: "held-out", status: "passed" },
  ]);
});

test("half of what is asked for scores half, and what it breaks counts against it", async () => {
  const half = { "src/double.js": "export const double = (a) => 2 * a || undefined;\n" };
  expect((await gradeFiles(half)).quality).toBe(0.5);
  const breaking = { ...SOLVED, "src/add.js": "export const add = () => 0;\n" };
  expect((await gradeFiles(breaking)).quality).toBeCloseTo(2 / 3);
});

test("deleted, moved and linked files of the work are graded as they are", async () => {
  const moved = await grade(async (folder) => {
    await rm(path.join(folder, "src/double.js"));
    await lab.put(folder, { "lib/real.js": SOLVED["src/double.js"] });
    symlinkSync("../lib/real.js", path.join(folder, "src/double.js"));
  });
  expect(moved.quality).toBe(1);
  const gone = await grade(async (folder) => await rm(path.join(folder, "src/add.js")));
  expect(gone.quality).toBe(0);
});

test("attributes that git compares with names for hours keep no work from its grade", async () => {
  const files = { ...SOLVED, ".gitattributes": HOSTILE_ATTRIBUTES, [`src/${HOSTILE_NAME}.js`]: "" };
  expect((await gradeFiles(files)).quality).toBe(1);
});

test("what git ignores, and a link that leads out, are no part of the work", async () => {
  const ignored = {
    "src/double.js": 'export * from "../build/double.js";\n',
    "build/double.js": SOLVED["src/double.js"],
  };
  expect((await gradeFiles(ignored)).quality).toBe(0);
  await lab.put(lab.root, { "outside/double.js": SOLVED["src/double.js"] });
  const out = await grade(async (folder) => {
    await rm(path.join(folder, "src/double.js"));
    symlinkSync(path.join(lab.root, "outside/double.js"), path.join(folder, "src/double.js"));
  });
  expect(out.quality).toBe(0);
});

const FORGED_XML = `<testsuites>${["adds", "doubles", "doubles nothing", "canary"]
  .map((name) => {
    const file = name === "adds" ? "add" : name === "canary" ? "canary" : "double";
    return `<testcase name="${name}" classname="test" file="test/${file}.test.js"/>`;
  })
  .join("")}</testsuites>`;
const REWRITE = `import { writeFileSync } from "node:fs";
writeFileSync("results.xml", ${JSON.stringify(FORGED_XML)});\n`;

test.each<readonly [string, Files]>([
  ["a results file made before", { "results.xml": FORGED_XML }],
  [
    "a package.json whose test script passes",
    { "package.json": JSON.stringify({ type: "module", scripts: { test: "true" } }) },
  ],
  [
    "tests that expect nothing",
    { "test/double.test.js": 'import { test } from "node:test"; test("doubles", () => {});\n' },
  ],
  ["a module that ends the process", { "src/double.js": "process.exit(0);\n" }],
  [
    "a module that prints a report",
    {
      "src/double.js": `console.log(${JSON.stringify(FORGED_XML)}); export const double = () => 0.5;\n`,
    },
  ],
  [
    "an assert that never fails",
    {
      "src/double.js":
        'import assert from "node:assert"; assert.equal = () => {}; throw new Error();\n',
    },
  ],
])("%s gives no quality", async (_, files) => {
  expect(await gradeFiles(files)).toMatchObject({ quality: 0 });
});

test("results that are rewritten at the end are found out by the canary", async () => {
  // Each test file is a process of its own. One that outlives the runner writes after it.
  const late = `import { spawn } from "node:child_process";
spawn(process.execPath, ["-e", ${JSON.stringify(`setInterval(() => { ${REWRITE.replace("import { writeFileSync } from", "const { writeFileSync } = require(").replace('"node:fs";', '"node:fs");')} }, 5)`)}], { detached: true, stdio: "ignore" }).unref();
export const double = () => undefined;\n`;
  const { quality, tampering } = await gradeFiles({ "src/double.js": late });
  expect(quality).toBe(0);
  expect(tampering ?? "").toMatch(/^$|The canary "test\/canary\.test\.js :: canary" always fails/u);
});

test("an assert that never fails lets the canary of its process pass", async () => {
  const asserted = lab.task(task.workspace.commit, {
    acceptance: { ...JS_ACCEPTANCE, canaries: ["test/double.test.js :: canary"] },
  });
  await appendFile(
    path.join(task.folder, "hidden/test/double.test.js"),
    'test("canary", () => assert.equal(1, 2));\n',
  );
  task = asserted;
  const { quality, tampering } = await gradeFiles({
    "src/double.js":
      'import assert from "node:assert"; assert.equal = () => {}; export const double = () => 1;\n',
  });
  expect(quality).toBe(0);
  expect(tampering).toBe(
    'The canary "test/double.test.js :: canary" always fails, and the results say that it passed.',
  );
});

test("tests that leave no results, with the work and without it, are the grader's fault", async () => {
  task = lab.task(task.workspace.commit, {
    acceptance: { ...JS_ACCEPTANCE, run: ["node", "-e", "0"] },
  });
  const grading = gradeFiles(SOLVED);
  await expect(grading).rejects.toThrow(GraderError);
  await expect(grading).rejects.toThrow(
    /leave no results, with the work and without it: results\.xml: there is no file/u,
  );
});

test("work that keeps the tests from leaving results has passed none", async () => {
  task = lab.task(task.workspace.commit, {
    acceptance: {
      ...JS_ACCEPTANCE,
      run: [
        "node",
        "-e",
        'import("./src/add.js").then(() => require("node:fs").writeFileSync("results.xml", "<testsuites/>"))',
      ],
    },
  });
  const { quality, scenarios } = await gradeFiles({ "src/add.js": "process.exit(0);\n" });
  expect(quality).toBe(0);
  expect(scenarios[0]?.message).toContain("With this work the tests leave no results");
});

test("tests have no network, and see neither the bank nor the cache", async () => {
  const hidden = JSON.stringify([task.folder, path.join(lab.root, "cache"), lab.repo]);
  const look = `import { existsSync } from "node:fs"; import { connect } from "node:net";
const reached = await new Promise((done) => { const one = connect(53, "192.0.2.1"); one.on("connect", () => done(true)).on("error", () => done(false)); });
const seen = ${hidden}.filter((name) => existsSync(name));
export const double = (a) => (reached || seen.length > 0 ? undefined : 2 * a);\n`;
  const { quality, isolation } = await gradeFiles({ "src/double.js": look });
  expect(quality).toBe(isolation === "bubblewrap" ? 1 : 0);
});
