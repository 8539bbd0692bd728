import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterEach, beforeEach, expect, it } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import type { Task } from "../bank/task.ts";
import type { Workspace } from "./create-workspace.ts";
import {
  commitTurn,
  createTurnWorkspace,
  diffOf,
  openTeamRepository,
  sealTeam,
  type TeamRepository,
} from "./team-repository.ts";
import { makeGreetingTask } from "./test-support/greeting-task.ts";
import { HOSTILE_ATTRIBUTES, HOSTILE_NAME } from "./test-support/hostile-rule.ts";
import { redactFile } from "./test-support/redact-file.ts";

const environment = processEnvironment();
const run = promisify(execFile);

let root = "";
let task: Task;
let repository: TeamRepository;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "team-")));
  task = await makeGreetingTask(join(root, "bank", "greeting"));
  repository = await openTeamRepository(task, join(root, "work"), environment);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const workspaceAt = async (commit: string) =>
  await createTurnWorkspace(repository, { name: "W0-01-1-1", commit }, environment);

function judge(file: string): "discarded" | "kept" {
  return file.startsWith("no") ? "discarded" : "kept";
}

/** Commits what a role called builder changed; files that begin with "no" are not its own. */
async function commitWork(workspace: Workspace, parent: string, onto = parent) {
  const turn = { parent, onto, author: "builder", message: "/build, round 1" };
  return await commitTurn(repository, { folder: workspace.folder, ...turn, judge }, environment);
}

it("gives the next role the work of the one before, and a repository that knows it", async () => {
  const first = await workspaceAt(repository.commitStart);
  await writeFile(join(first.folder, "made.txt"), "by the first\n");
  await rm(join(first.folder, "README.md"), { force: true });
  const { commit: made } = await commitWork(first, repository.commitStart);
  const second = await workspaceAt(made);
  expect(await readFile(join(second.folder, "made.txt"), "utf8")).toBe("by the first\n");
  await expect(readFile(join(second.folder, "README.md"))).rejects.toThrow("ENOENT");
  const log = await run("git", ["log", "--format=%an: %s"], { cwd: second.folder });
  expect(log.stdout.split("\n")).toContain("builder: /build, round 1");
  expect((await run("git", ["status", "--short"], { cwd: second.folder })).stdout).toBe("");
});

it("gives the next role files as they are, whatever rules of git the one before left", async () => {
  const first = await workspaceAt(repository.commitStart);
  const files = {
    ".gitattributes": HOSTILE_ATTRIBUTES,
    [HOSTILE_NAME]: "one\r\n",
    "program.sh": "#!\n",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(first.folder, name), text);
  await chmod(join(first.folder, "program.sh"), 0o755);
  await rm(join(first.folder, "README.md"));
  await rm(join(first.folder, "src"), { recursive: true });
  await symlink("program.sh", join(first.folder, "src"));
  const { commit: made } = await commitWork(first, repository.commitStart);
  const second = await workspaceAt(made);
  for (const [name, text] of Object.entries(files)) {
    expect(await readFile(join(second.folder, name), "utf8")).toBe(text);
  }
  expect((await stat(join(second.folder, "program.sh"))).mode & 0o777).toBe(0o755);
  expect(await readlink(join(second.folder, "src"))).toBe("program.sh");
  const index = await run("git", ["diff-index", "--cached", made], { cwd: second.folder });
  expect(index.stdout).toBe("");
});

it("keeps no secret that a role wrote", async () => {
  const { commitStart } = repository;
  const workspace = await workspaceAt(commitStart);
  await writeFile(join(workspace.folder, "made.txt"), "a secret\n");
  const turn = { parent: commitStart, onto: commitStart, author: "builder", message: "/build" };
  const work = { folder: workspace.folder, ...turn, judge, redactFile };
  const { commit } = await commitTurn(repository, work, environment);
  const next = await workspaceAt(commit);
  expect(await readFile(join(next.folder, "made.txt"), "utf8")).toBe("a ******\n");
});

it("discards changes that are not the role's own, and names them", async () => {
  const { commitStart } = repository;
  const workspace = await workspaceAt(commitStart);
  await writeFile(join(workspace.folder, "no.txt"), "not allowed\n");
  const { commit: end, discarded } = await commitWork(workspace, commitStart);
  expect(end).toBe(commitStart);
  expect(discarded).toEqual([{ path: "no.txt", change: "changed" }]);
  const next = await workspaceAt(end);
  await expect(readFile(join(next.folder, "no.txt"))).rejects.toThrow("ENOENT");
});

it("adds the work of two roles that began with the same files", async () => {
  const { commitStart } = repository;
  const [one, other] = [await workspaceAt(commitStart), await workspaceAt(commitStart)];
  await writeFile(join(one.folder, "one.txt"), "1\n");
  await mkdir(join(other.folder, "docs"));
  await writeFile(join(other.folder, "docs", "two.txt"), "2\n");
  const { commit: first } = await commitWork(one, commitStart);
  const { commit: both } = await commitWork(other, commitStart, first);
  const merged = await workspaceAt(both);
  expect(await readFile(join(merged.folder, "one.txt"), "utf8")).toBe("1\n");
  expect(await readFile(join(merged.folder, "docs", "two.txt"), "utf8")).toBe("2\n");
});

it("says so if git can't show a diff, which may be larger than what is read of git", async () => {
  const { commitStart } = repository;
  const commit = "0".repeat(40);
  const shown = await diffOf(repository, { commit, charactersMax: 100 }, environment);
  expect(shown).toContain(`See it with: git diff ${commitStart} ${commit}`);
});

it("shows a diff up to a length, and seals all commits", async () => {
  const { commitStart } = repository;
  const workspace = await workspaceAt(commitStart);
  await writeFile(join(workspace.folder, "long.txt"), "x\n".repeat(500));
  const { commit: commitEnd } = await commitWork(workspace, commitStart);
  const whole = await diffOf(repository, { commit: commitEnd, charactersMax: 10_000 }, environment);
  expect(whole).toContain("+x\n");
  const cut = await diffOf(repository, { commit: commitEnd, charactersMax: 100 }, environment);
  expect(cut).toContain(`git diff ${commitStart} ${commitEnd}`);
  const sealed = await sealTeam(repository, { workspace, commitEnd, leftOut: [] }, environment);
  const log = await run("git", [`--git-dir=${sealed.gitDir}`, "rev-list", "main"]);
  expect(log.stdout.trim().split("\n")).toEqual([commitEnd, commitStart]);
  await repository.close();
});
