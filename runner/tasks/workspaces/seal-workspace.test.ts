import { execFile } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { makeTooDeep } from "../../platform/test-support/hostile-files.ts";
import type { Task } from "../bank/task.ts";
import { WORK_LIMITS } from "./copy-work.ts";
import { createWorkspace, type Workspace } from "./create-workspace.ts";
import { measureChurn } from "./measure-churn.ts";
import { type SealedWorkspace, sealWorkspace, type Sealing } from "./seal-workspace.ts";
import { agentGit, makeGreetingTask } from "./test-support/greeting-task.ts";

const environment = processEnvironment();
const run = promisify(execFile);

let root = "";
let task: Task;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "workspaces-")));
  task = await makeGreetingTask(join(root, "bank", "greeting"));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const create = () =>
  createWorkspace({ task, root: join(root, "work"), name: "W0-01-1" }, environment);

const seal = (workspace: Workspace, changes: Partial<Sealing> = {}) =>
  sealWorkspace({ workspace, task, ...changes }, environment);

async function filesOf(sealed: SealedWorkspace): Promise<readonly string[]> {
  const args = [`--git-dir=${sealed.gitDir}`, "ls-tree", "-r", "--name-only", sealed.commitEnd];
  return (await run("git", args)).stdout.split("\n").filter(Boolean);
}

async function contentOf(sealed: SealedWorkspace, path: string): Promise<string> {
  const args = [`--git-dir=${sealed.gitDir}`, "show", `${sealed.commitEnd}:${path}`];
  return (await run("git", args)).stdout;
}

const START = ["README.md", "check.sh", "features/greeting.feature", "src/greet.js"];

describe("sealWorkspace", () => {
  it("ends with the start's commit if nothing changed", async () => {
    const workspace = await create();
    const sealed = await seal(workspace);
    expect(sealed.commitEnd).toBe(workspace.commitStart);
    expect(sealed).toMatchObject({ repaired: false, leftOut: [] });
    expect(await filesOf(sealed)).toEqual(START);
  });

  it("records additions, changes, deletions and modes, also what the agent committed", async () => {
    const workspace = await create();
    const { folder } = workspace;
    await writeFile(join(folder, "src", "greet.js"), "export const greet = 1;\n");
    await agentGit(workspace, "commit", "--quiet", "--all", "-m", "agent's");
    await rm(join(folder, "README.md"));
    await mkdir(join(folder, "README.md"));
    await writeFile(join(folder, "README.md", 'a b\n"c".txt'), "odd name\n");
    await chmod(join(folder, "check.sh"), 0o644);
    await symlink("/etc/hostname", join(folder, "link"));
    const sealed = await seal(workspace);
    const args = [`--git-dir=${sealed.gitDir}`, "ls-tree", "-r", "-z", sealed.commitEnd];
    const entries = (await run("git", args)).stdout.split("\0").filter(Boolean);
    expect(entries.map((entry) => entry.replace(/ blob \w+\t/u, " "))).toEqual([
      '100644 README.md/a b\n"c".txt',
      "100644 check.sh",
      "100644 features/greeting.feature",
      "120000 link",
      "100644 src/greet.js",
    ]);
    expect(await contentOf(sealed, "link")).toBe("/etc/hostname");
  });

  it("is not misled by ignore files, attributes or nested repositories", async () => {
    const workspace = await create();
    const { folder } = workspace;
    await writeFile(join(folder, ".gitignore"), "*\n");
    await writeFile(
      join(folder, ".gitattributes"),
      "* text eol=crlf ident filter=x\n*.js binary\n",
    );
    await writeFile(join(folder, "src", "greet.js"), "// $Id$\r\nexport {};\n");
    await agentGit(workspace, "init", "--quiet", "src/nested");
    await writeFile(join(folder, "src", "nested", "inner.js"), "inner\n");
    const sealed = await seal(workspace);
    expect(await filesOf(sealed)).toEqual(
      [".gitattributes", ".gitignore", ...START, "src/nested/inner.js"].toSorted(),
    );
    expect(await contentOf(sealed, "src/greet.js")).toBe("// $Id$\r\nexport {};\n");
    expect(await measureChurn(sealed, environment)).toEqual({
      files_changed: 4,
      insertions: 1 + 2 + 1 + 1,
      deletions: 0,
    });
  });
});

const LIMITS = {
  ...WORK_LIMITS,
  filesMax: 100,
  fileBytesMax: 1000,
  totalBytesMax: 100_000,
  depthMax: 30,
  entriesMax: 10_000,
  ignoreSeconds: 5,
  ignoreMs: 60_000,
};

describe("sealWorkspace keeps its limits", () => {
  it("keeps the solution if a folder holds more than it looks at", async () => {
    const workspace = await create();
    for (let count = 0; count < 200; count += 1) {
      await mkdir(join(workspace.folder, `a${count}`));
    }
    const sealed = await seal(workspace, { limits: { ...LIMITS, entriesMax: 20 } });
    expect(await filesOf(sealed)).toContain("src/greet.js");
    expect(sealed.leftOut).toEqual([{ reason: "many", count: 1, first: [expect.any(String)] }]);
  });

  it("leaves out what has too long a path", async () => {
    const workspace = await create();
    makeTooDeep(join(workspace.folder, "src"));
    const sealed = await seal(workspace);
    expect(await filesOf(sealed)).toEqual(START);
    expect(sealed.leftOut).toMatchObject([{ reason: "path", count: 1 }]);
  });

  it("leaves out a file whose name is not valid text, and keeps the others", async () => {
    const workspace = await create();
    const file = Buffer.concat([Buffer.from(join(workspace.folder, "src", "x")), Buffer.of(0xff)]);
    // Some file systems refuse such names.
    const isMade = await writeFile(file, "x").then(
      () => true,
      () => false,
    );
    const sealed = await seal(workspace);
    const name = { reason: "name", count: 1, first: [expect.stringContaining("src/x")] };
    expect(sealed.leftOut).toEqual(isMade ? [name] : []);
    expect(await filesOf(sealed)).toEqual(START);
  });
});

describe("sealWorkspace says what it leaves out", () => {
  it("leaves out special files and large files, and dependencies, which are no work", async () => {
    const workspace = await create();
    const { folder } = workspace;
    await mkdir(join(folder, "node_modules", "x"), { recursive: true });
    await writeFile(join(folder, "node_modules", "x", "index.js"), "x\n");
    await mkdir(join(folder, "src", "node_modules"));
    await writeFile(join(folder, "src", "node_modules", "own.js"), "own\n");
    await writeFile(join(folder, "huge.bin"), "");
    await truncate(join(folder, "huge.bin"), 100 * 1024 * 1024 * 1024);
    await run("mkfifo", [join(folder, "pipe")]);
    const sealed = await seal(workspace);
    expect(sealed.leftOut).toEqual([
      { reason: "large", count: 1, first: ["huge.bin"] },
      { reason: "special", count: 1, first: ["pipe"] },
    ]);
    expect(await filesOf(sealed)).toEqual([...START, "src/node_modules/own.js"]);
  });

  it("keeps the solution if there are more files than it records", async () => {
    const workspace = await create();
    for (let count = 0; count < 200; count += 1) {
      await writeFile(join(workspace.folder, `a${count}`), "x");
    }
    const limits = { ...LIMITS, filesMax: 10, depthMax: 3 };
    await mkdir(join(workspace.folder, "src", "1", "2", "3", "4"), { recursive: true });
    const sealed = await seal(workspace, { limits });
    expect(await filesOf(sealed)).toContain("src/greet.js");
    expect((await filesOf(sealed)).length).toBe(10);
    expect(sealed.leftOut).toEqual([
      { reason: "deep", count: 1, first: ["src/1/2/3/4"] },
      { reason: "many", count: 194, first: ["a105", "a106", "a107"] },
    ]);
  });
});

describe("sealWorkspace, after the agent has tampered", () => {
  it.each([
    ["removed", (git: string) => rm(git, { recursive: true })],
    ["emptied", (git: string) => rm(join(git, "objects"), { recursive: true })],
    [
      "replaced by a link",
      async (git: string) => {
        await rm(git, { recursive: true });
        await symlink("/tmp", git);
      },
    ],
  ])("repairs a repository that the agent has %s", async (_case, breakIt) => {
    const workspace = await create();
    await writeFile(join(workspace.folder, "src", "greet.js"), "changed\n");
    await breakIt(join(workspace.folder, ".git"));
    const sealed = await seal(workspace);
    expect(sealed.repaired).toBe(true);
    expect(await contentOf(sealed, "src/greet.js")).toBe("changed\n");
    expect((await agentGit(workspace, "rev-parse", "HEAD")).trim()).toBe(workspace.commitStart);
    expect(await agentGit(workspace, "status", "--porcelain")).toBe(" M src/greet.js\n");
  });

  it.each([
    ["removed", async () => {}],
    ["replaced by a link", (folder: string) => symlink(task.folder, folder)],
    ["replaced by a file", (folder: string) => writeFile(folder, "")],
  ])("makes a new workspace if the agent has %s", async (_case, replace) => {
    const workspace = await create();
    await rm(workspace.folder, { recursive: true });
    await replace(workspace.folder);
    const sealed = await seal(workspace);
    expect(sealed.repaired).toBe(true);
    expect(await filesOf(sealed)).toEqual([]);
    expect(await readdir(workspace.folder)).toEqual([".git"]);
    expect(await readdir(task.folder)).toEqual(["workspace"]);
  });
});

describe("sealWorkspace, where the agent has planted something", () => {
  it.each([
    ["a link", async (gitDir: string) => await symlink(task.folder, gitDir)],
    ["a file", async (gitDir: string) => await writeFile(gitDir, "")],
    [
      "a folder with too long a path",
      async (gitDir: string) => {
        await mkdir(gitDir);
        makeTooDeep(gitDir);
      },
    ],
  ])("can be repeated, and ignores %s in its place", async (_case, plant) => {
    const workspace = await create();
    await writeFile(join(workspace.folder, "new.js"), "new\n");
    const first = await seal(workspace);
    await rm(first.gitDir, { recursive: true });
    await plant(first.gitDir);
    const second = await seal(workspace);
    expect(second).toEqual(first);
    expect(await contentOf(second, "new.js")).toBe("new\n");
    expect(existsSync(join(task.folder, "workspace", "README.md"))).toBe(true);
    expect(await readdir(join(root, "work"))).toHaveLength(1);
  });

  it("refuses a task whose starting files have changed", async () => {
    const workspace = await create();
    await writeFile(join(task.folder, "workspace", "README.md"), "other\n");
    await expect(seal(workspace)).rejects.toMatchObject({ name: "TaskChangedError", exitCode: 3 });
  });
});

describe("measureChurn", () => {
  it("counts lines and files, and a binary file as a file", async () => {
    const workspace = await create();
    const { folder } = workspace;
    await writeFile(join(folder, "README.md"), "one\n2\nthree\nfour\n");
    await writeFile(join(folder, "image.bin"), Buffer.from([0, 1, 2, 0, 10, 10]));
    await rm(join(folder, "src", "greet.js"));
    const sealed = await seal(workspace);
    expect(await measureChurn(sealed, environment)).toEqual({
      files_changed: 3,
      insertions: 2,
      deletions: 2,
      binary_files: 1,
    });
  });

  it("counts a renamed file once, with the lines that differ", async () => {
    const workspace = await create();
    const { folder } = workspace;
    await rename(join(folder, "README.md"), join(folder, "-\t1\tREAD ME.md"));
    await writeFile(join(folder, "image.bin"), Buffer.from([0, 1, 2, 0, 10, 10]));
    const sealed = await seal(workspace);
    expect(await measureChurn(sealed, environment)).toEqual({
      files_changed: 2,
      insertions: 0,
      deletions: 0,
      binary_files: 1,
      renamed_files: 1,
    });
  });

  it("takes no file for renamed because its name begins with a tab", async () => {
    const workspace = await create();
    for (const name of ["\ta.md", "b.md", "c.md"]) {
      await writeFile(join(workspace.folder, name), `${name}\n`);
    }
    const sealed = await seal(workspace);
    expect(await measureChurn(sealed, environment)).toEqual({
      files_changed: 3,
      insertions: 3,
      deletions: 0,
    });
  });

  it("is zero if nothing changed", async () => {
    const sealed = await seal(await create());
    expect(await measureChurn(sealed, environment)).toEqual({
      files_changed: 0,
      insertions: 0,
      deletions: 0,
    });
  });
});
