import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import type { GherkinTask } from "../bank/task.ts";
import { createWorkspace, type Workspace } from "./create-workspace.ts";
import { measureChurn } from "./measure-churn.ts";
import { sealWorkspace } from "./seal-workspace.ts";

const environment = processEnvironment();
const run = promisify(execFile);

let root = "";
let workspace: Workspace;
let task: GherkinTask;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "planted-"));
  await mkdir(join(root, "bank", "workspace"), { recursive: true });
  await writeFile(join(root, "bank", "workspace", "file.js"), "start\n");
  task = {
    kind: "gherkin",
    id: "planted",
    title: "Planted",
    language: "javascript",
    stratum: "small",
    folder: join(root, "bank"),
    featureText: "Feature: Planted\n",
    solutionPaths: ["file.js"],
    acceptancePaths: ["acceptance/"],
    timeoutS: 60,
    tokensMax: 1000,
    isDeterministic: true,
    digest: "0".repeat(64),
  };
  workspace = await createWorkspace({ task, root: join(root, "work"), name: "W" }, environment);
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** Git as we must not run it: with the settings of the workspace's repository. */
async function naiveGit(...args: readonly string[]): Promise<void> {
  const env = { PATH: environment.variables["PATH"] ?? "", HOME: workspace.home };
  const git = run("git", [...args], { cwd: workspace.folder, env });
  git.child.stdin?.end();
  await git.catch(() => {});
}

const PROGRAMS = [
  "core.fsmonitor",
  "filter.evil.clean",
  "filter.evil.smudge",
  "diff.evil.command",
  "diff.evil.textconv",
  "diff.external",
  "core.pager",
  "core.sshCommand",
  "core.editor",
  "gpg.program",
];

const HOOKS = ["pre-commit", "post-commit", "post-index-change", "reference-transaction"];

/** Plants a program wherever a repository may name one. Returns the file that it leaves a mark in. */
async function plant(): Promise<string> {
  const mark = join(root, "mark");
  const program = join(workspace.home, "program.sh");
  const text = `#!/bin/sh\necho "$0 $*" >> ${mark}\n`;
  await writeFile(program, text, { mode: 0o755 });
  for (const name of PROGRAMS) await naiveGit("config", name, program);
  await naiveGit("config", "commit.gpgSign", "true");
  await naiveGit("config", "filter.evil.required", "true");
  const hooks = join(workspace.folder, ".git", "hooks");
  await mkdir(hooks, { recursive: true });
  for (const hook of HOOKS) await writeFile(join(hooks, hook), text, { mode: 0o755 });
  await writeFile(join(workspace.folder, ".gitattributes"), "* filter=evil diff=evil\n");
  await writeFile(join(workspace.folder, "file.js"), "changed\n");
  return mark;
}

describe("sealWorkspace and measureChurn", () => {
  it.each([
    ["a look at the state", ["status"]],
    ["an addition", ["add", "file.js"]],
    ["a difference", ["--no-pager", "diff"]],
  ])("run no program that the agent planted, which %s would run", async (_case, args) => {
    const mark = await plant();
    await rm(mark, { force: true });
    await naiveGit(...args);
    expect(existsSync(mark)).toBe(true);
    await rm(mark);

    const sealed = await sealWorkspace({ workspace, task }, environment);
    expect(await measureChurn(sealed, environment)).toEqual({
      files_changed: 2,
      insertions: 2,
      deletions: 1,
    });
    expect(existsSync(mark)).toBe(false);
  });

  it("don't run either if they are where the sealed repository is made", async () => {
    const mark = await plant();
    const sealedGit = join(workspace.base, "sealed.git");
    await run("cp", ["-r", join(workspace.folder, ".git"), sealedGit]);
    await rm(mark, { force: true });
    const sealed = await sealWorkspace({ workspace, task }, environment);
    await measureChurn(sealed, environment);
    expect(existsSync(mark)).toBe(false);
  });
});
