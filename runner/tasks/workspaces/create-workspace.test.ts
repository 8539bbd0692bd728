import { existsSync } from "node:fs";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import type { Task } from "../bank/task.ts";
import { createWorkspace, renewHome } from "./create-workspace.ts";
import { agentGit, makeGreetingTask } from "./test-support/greeting-task.ts";

const environment = processEnvironment();

let root = "";
let task: Task;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "workspaces-")));
  task = await makeGreetingTask(join(root, "bank", "greeting"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const create = () =>
  createWorkspace({ task, root: join(root, "work"), name: "W0-01-1" }, environment);

describe("createWorkspace", () => {
  it("makes a clean repository with the task's files and its feature, and a home next to it", async () => {
    const workspace = await create();
    expect(await readFile(join(workspace.folder, "features", "greeting.feature"), "utf8")).toBe(
      "Feature: Greeting\n",
    );
    expect(await agentGit(workspace, "status", "--porcelain")).toBe("");
    expect((await agentGit(workspace, "rev-parse", "HEAD")).trim()).toBe(workspace.commitStart);
    expect(await readdir(workspace.home)).toEqual(["tmp"]);
    expect(workspace.folder.startsWith(workspace.home)).toBe(false);
  });

  it("gives the same task the same commit, whatever the umask, the modes and the settings", async () => {
    const first = await create();
    // Written down, so that a change that would give every task another start is seen.
    expect(first.commitStart).toBe("64aaab125999e0cfea205bafc9782dff7f60a7fd");
    await mkdir(join(task.folder, "workspace", ".git"));
    await writeFile(join(task.folder, "workspace", ".git", "HEAD"), "not ours");
    await chmod(join(task.folder, "workspace", "README.md"), 0o444);
    await chmod(join(task.folder, "workspace", "check.sh"), 0o500);
    await writeFile(
      join(root, "gitconfig"),
      "[core]\n\tautocrlf = true\n[commit]\n\tgpgSign = true\n",
    );
    const variables = {
      ...environment.variables,
      GIT_CONFIG_GLOBAL: join(root, "gitconfig"),
      GIT_DIR: join(root, "elsewhere.git"),
      GIT_INDEX_FILE: join(root, "index"),
      GIT_AUTHOR_DATE: "2020-02-02T00:00:00Z",
    };
    const second = await createWorkspace(
      { task, root: join(root, "work"), name: "W0-01-2" },
      { ...environment, variables },
    );
    expect(second.commitStart).toBe(first.commitStart);
    expect(second.folder).not.toBe(first.folder);
    expect((await stat(join(second.folder, "README.md"))).mode & 0o777).toBe(0o644);
  });

  it("lets the agent commit without a configuration of its own", async () => {
    const workspace = await create();
    await writeFile(join(workspace.folder, "new.txt"), "new\n");
    await agentGit(workspace, "add", "new.txt");
    await agentGit(workspace, "commit", "--quiet", "-m", "agent's");
    expect(await agentGit(workspace, "log", "--format=%s")).toBe("agent's\nStart of greeting\n");
  });
});

describe("createWorkspace refuses", () => {
  it("refuses a root inside a git work tree and names the repository", async () => {
    await mkdir(join(root, "repository", ".git"), { recursive: true });
    const inside = join(root, "repository", "deep", "work");
    const creating = createWorkspace({ task, root: inside, name: "W0-01-1" }, environment);
    await expect(creating).rejects.toMatchObject({ name: "WorkspaceRootError", exitCode: 2 });
    await expect(creating).rejects.toThrow(join(root, "repository"));
    expect(existsSync(join(root, "repository", "deep"))).toBe(false);
  });

  it("refuses a root that a link leads into a repository, and one in a linked work tree", async () => {
    await mkdir(join(root, "repository", ".git"), { recursive: true });
    await symlink(join(root, "repository"), join(root, "link"));
    await mkdir(join(root, "linked"));
    await writeFile(join(root, "linked", ".git"), "gitdir: elsewhere\n");
    for (const folder of ["link/work", "linked/work"]) {
      const plan = { task, root: join(root, folder), name: "W0-01-1" };
      await expect(createWorkspace(plan, environment)).rejects.toThrow(/--workspace-root/u);
    }
  });

  it("says so where git is missing, and leaves nothing", async () => {
    const plan = { task, root: join(root, "work"), name: "W0-01-1" };
    const creating = createWorkspace(plan, {
      ...environment,
      variables: { PATH: join(root, "nothing") },
    });
    await expect(creating).rejects.toThrow(/Install git/u);
    expect(await readdir(join(root, "work"))).toEqual([]);
  });
});

describe("renewHome", () => {
  it.each(["a link in it", "a link in its place", "nothing in its place"])(
    "makes it empty again after an agent left %s",
    async (left) => {
      const workspace = await create();
      const outside = join(root, "outside");
      await mkdir(outside);
      if (left === "a link in it") {
        await symlink(join(outside, "file"), join(workspace.home, "prompt.md"));
      } else {
        await rm(workspace.home, { recursive: true });
        if (left === "a link in its place") await symlink(outside, workspace.home);
      }
      await renewHome(workspace);
      await writeFile(join(workspace.home, "prompt.md"), "the harness's own");
      expect((await readdir(workspace.home)).toSorted()).toEqual(["prompt.md", "tmp"]);
      expect(await readdir(outside)).toEqual([]);
    },
  );
});
