import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { removeFolder } from "../../platform/git/remove-folder.ts";
import { openCommitLab } from "../setup/test-support/commit-lab.ts";
import { WORK_LIMITS } from "./copy-work.ts";
import { createWorkspace } from "./create-workspace.ts";
import { sealWorkspace } from "./seal-workspace.ts";
import { HOSTILE_ATTRIBUTES, HOSTILE_NAME, HOSTILE_PATTERN } from "./test-support/hostile-rule.ts";

const run = promisify(execFile);
/** Git's own limit, which sealing took before. */
const GIT_LIMIT_MS = 120_000;
/** A test does not wait for the limits of a real window. */
const LIMITS = { ...WORK_LIMITS, ignoreSeconds: 1, ignoreMs: 3000 };

/** Seals what an agent does in a repository. Says which files changed, and how long sealing took. */
async function sealAfter(act: (folder: string) => unknown, limits: typeof LIMITS) {
  const lab = await openCommitLab();
  const known = { ".gitignore": "*.log\n", "src/a.js": "1\n", [`old/${HOSTILE_NAME}`]: "1\n" };
  const start = await lab.commit("First", known);
  const task = lab.task(start);
  const plan = { task, root: path.join(lab.root, "work"), name: "W0-01-1" };
  const workspace = await createWorkspace(plan, lab.environment);
  const { folder } = workspace;
  await lab.put(folder, { "src/a.js": "2\n", "src/new.js": "new\n", [HOSTILE_NAME]: "x\n" });
  await act(folder);
  const { clock } = lab.environment;
  const startedMs = clock.monotonicMs();
  const sealed = await sealWorkspace({ workspace, task, limits }, lab.environment);
  const tookMs = clock.monotonicMs() - startedMs;
  const diff = ["diff", "--name-only", start, sealed.commitEnd];
  const { stdout } = await run("git", [`--git-dir=${sealed.gitDir}`, ...diff]);
  await removeFolder(workspace.base);
  return { sealed, tookMs, files: stdout.trim().split("\n") };
}

const put = (folder: string, name: string, text: string) => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
};

const MANY = Array.from({ length: 200_000 }, (_, nth) => `x${String(nth)}*a*b*c`).join("\n");

test("one line of 22 stars holds sealing up for a few seconds, and hides no work", async () => {
  const { sealed, tookMs, files } = await sealAfter(
    (folder) => put(folder, ".gitignore", `*.log\n${HOSTILE_PATTERN}\n`),
    WORK_LIMITS,
  );
  expect(tookMs).toBeLessThan(GIT_LIMIT_MS);
  expect(files).toEqual([".gitignore", HOSTILE_NAME, "src/a.js", "src/new.js"]);
  expect(sealed.leftOut).toMatchObject([{ reason: "rules", count: 1 }]);
});

test.each<readonly [string, (folder: string) => unknown]>([
  ["in a folder below", (folder) => put(folder, `lib/.gitignore`, HOSTILE_PATTERN)],
  ["of 200,000 lines", (folder) => put(folder, ".gitignore", MANY)],
  ["that is a pipe", async (folder) => await run("mkfifo", [path.join(folder, "lib/.gitignore")])],
  [
    "of a repository within, whose HEAD is a pipe",
    async (folder) => {
      mkdirSync(path.join(folder, "lib/.git/objects"), { recursive: true });
      mkdirSync(path.join(folder, "lib/.git/refs"));
      await run("mkfifo", [path.join(folder, "lib/.git/HEAD")]);
    },
  ],
])("an ignore file %s ends no sealing and hides no work", async (_, act) => {
  const { tookMs, files } = await sealAfter(async (folder) => {
    for (let nth = 0; nth < 2000; nth += 1) put(folder, `lib/${String(nth)}/x.js`, "");
    put(folder, `lib/${HOSTILE_NAME}`, "");
    await act(folder);
  }, LIMITS);
  expect(tookMs).toBeLessThan(GIT_LIMIT_MS);
  expect(files).toEqual(expect.arrayContaining(["lib/7/x.js", "src/a.js", "src/new.js"]));
});

test("a pipe in the place of the ignore file is said", async () => {
  const { sealed, files } = await sealAfter(async (folder) => {
    put(folder, "debug.log", "noise\n");
    await run("rm", [path.join(folder, ".gitignore")]);
    await run("mkfifo", [path.join(folder, ".gitignore")]);
  }, LIMITS);
  expect(sealed.leftOut).toContainEqual(expect.objectContaining({ reason: "rules" }));
  expect(files).toEqual([".gitignore", HOSTILE_NAME, "debug.log", "src/a.js", "src/new.js"]);
});

test("ignore files that git can apply are applied", async () => {
  const { sealed, files } = await sealAfter((folder) => {
    put(folder, ".gitignore", "*.log\ncoverage/\n");
    put(folder, "debug.log", "noise\n");
    put(folder, "coverage/index.html", "made\n");
  }, WORK_LIMITS);
  expect(sealed.leftOut).toEqual([]);
  expect(files).toEqual([".gitignore", HOSTILE_NAME, "src/a.js", "src/new.js"]);
});

test("attributes of such a pattern do not hold up the repair of a repository", async () => {
  const { sealed, tookMs } = await sealAfter(async (folder) => {
    put(folder, ".gitattributes", HOSTILE_ATTRIBUTES);
    await run("rm", ["-r", path.join(folder, ".git")]);
  }, LIMITS);
  expect(tookMs).toBeLessThan(GIT_LIMIT_MS);
  expect(sealed.repaired).toBe(true);
});
