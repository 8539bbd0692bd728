import { execFile } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { chmod, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { removeFolder } from "../../platform/git/remove-folder.ts";
import { makeTooDeep } from "../../platform/test-support/hostile-files.ts";
import { type CommitLab, openCommitLab } from "../setup/test-support/commit-lab.ts";
import { createWorkspace } from "./create-workspace.ts";
import { sealWorkspace } from "./seal-workspace.ts";
import { agentGit } from "./test-support/greeting-task.ts";
import { redactFile } from "./test-support/redact-file.ts";

async function open(lab: CommitLab, task: ReturnType<CommitLab["task"]>, name = "W0-01-1") {
  return await createWorkspace({ task, root: path.join(lab.root, "work"), name }, lab.environment);
}

test("a workspace has the commit and its history, and nothing later", async () => {
  const lab = await openCommitLab();
  const first = await lab.commit("First", { "src/a.js": "1\n", "run.sh": "#!/bin/sh\n" });
  const start = await lab.commit("Second", { "src/a.js": "2\n", "CLAUDE.md": "Be brief.\n" });
  await lab.git("branch", "other", first);
  const later = await lab.commit("Later", { "src/a.js": "the answer\n" });
  const blob = await lab.git("rev-parse", `${later}:src/a.js`);
  await lab.git("tag", "v1");
  await lab.git("remote", "add", "origin", lab.repo);
  await lab.git("gc", "--quiet");
  const workspace = await open(lab, lab.task(start));
  expect(workspace.commitStart).toBe(start);
  expect(await agentGit(workspace, "status", "--porcelain")).toBe("");
  expect(await agentGit(workspace, "log", "--all", "--format=%s")).toBe("Second\nFirst\n");
  expect(await agentGit(workspace, "for-each-ref", "--format=%(refname)")).toBe(
    "refs/heads/main\n",
  );
  expect(await agentGit(workspace, "remote")).toBe("");
  expect(await agentGit(workspace, "reflog")).toBe("");
  expect(await agentGit(workspace, "fsck", "--unreachable", "--no-progress")).toBe("");
  for (const hash of [later, blob]) {
    await expect(agentGit(workspace, "cat-file", "-p", hash)).rejects.toThrow(
      /Not a valid object/u,
    );
  }
  expect(existsSync(path.join(workspace.folder, ".git/objects/info/alternates"))).toBe(false);
  expect(readFileSync(path.join(workspace.folder, "CLAUDE.md"), "utf8")).toBe("Be brief.\n");
  await writeFile(path.join(workspace.folder, "new.txt"), "new\n");
  await agentGit(workspace, "add", "new.txt");
  await agentGit(workspace, "commit", "--quiet", "-m", "agent's");
});

test("what only a stash, a log, a packed branch or a lender of objects has is not in a workspace", async () => {
  const lender = await openCommitLab();
  await lender.commit("First", { "a.js": "1\n" });
  const lent = await lender.commit("Lent", { "a.js": "lent answer\n" });
  const lab = await openCommitLab();
  await promisify(execFile)("git", [
    "clone",
    "--quiet",
    "--shared",
    lender.repo,
    `${lab.repo}/clone`,
  ]);
  const repo = path.join(lab.repo, "clone");
  const git = async (...args: readonly string[]) => {
    const identity = ["-c", "user.name=A", "-c", "user.email=a@example.invalid"];
    const { stdout } = await promisify(execFile)("git", ["-C", repo, ...identity, ...args]);
    return stdout.trim();
  };
  const start = await git("rev-parse", "HEAD~1");
  await git("checkout", "--quiet", "-b", "packed", start);
  await writeFile(path.join(repo, "a.js"), "packed answer\n");
  await git("commit", "--quiet", "--all", "-m", "Packed");
  const packed = await git("rev-parse", "HEAD");
  await git("checkout", "--quiet", "-b", "logged", start);
  await writeFile(path.join(repo, "a.js"), "logged answer\n");
  await git("commit", "--quiet", "--all", "-m", "Logged");
  const logged = await git("rev-parse", "HEAD");
  await git("reset", "--quiet", "--hard", start);
  await writeFile(path.join(repo, "a.js"), "stashed answer\n");
  await git("stash");
  const stashed = await git("rev-parse", "refs/stash");
  await git("pack-refs", "--all");
  const workspace = await open(lab, lab.task(start, { workspace: { repo } }));
  for (const hash of [lent, packed, logged, stashed]) {
    await expect(agentGit(workspace, "cat-file", "-p", hash)).rejects.toThrow(
      /Not a valid object/u,
    );
  }
  expect(await agentGit(workspace, "for-each-ref", "--format=%(refname)")).toBe(
    "refs/heads/main\n",
  );
  for (const name of ["objects/info/alternates", "logs", "packed-refs", "ORIG_HEAD"]) {
    expect(existsSync(path.join(workspace.folder, ".git", name))).toBe(false);
  }
  await removeFolder(workspace.base);
});

test("settings of agents come along only if they are listed", async () => {
  const lab = await openCommitLab();
  const files = {
    "a.js": "1\n",
    "AGENTS.md": "Be brief.\n",
    ".claude/CLAUDE.md": "Be kind.\n",
    ".claude/settings.json": "{}\n",
    ".codex/config.toml": "\n",
    "services/api/.mcp.json": "{}\n",
  };
  const start = await lab.commit("First", files);
  const bare = await open(lab, lab.task(start));
  expect(await agentGit(bare, "ls-files")).toBe(".claude/CLAUDE.md\nAGENTS.md\na.js\n");
  expect(await agentGit(bare, "status", "--porcelain")).toBe("");
  expect(await agentGit(bare, "log", "--format=%s")).toBe("Start of parser\nFirst\n");
  const agentSettings = [".claude/settings.json", ".codex/"];
  const kept = await open(lab, lab.task(start, { workspace: { agentSettings } }));
  expect(await agentGit(kept, "ls-files")).toContain(".claude/settings.json\n.codex/config.toml\n");
});

test("what a workspace can't have is refused", async () => {
  const lab = await openCommitLab();
  const start = await lab.commit("First", { "a.js": "1\n" });
  const absent = "1".repeat(40);
  await expect(open(lab, lab.task(absent))).rejects.toThrow(/which is nothing there\. Fetch it/u);
  const elsewhere = lab.task(start, { workspace: { path: "services/api" } });
  await expect(open(lab, elsewhere)).rejects.toThrow(/got "services\/api"/u);
  const large = await lab.commit("Large", { ".gitattributes": "*.bin filter=lfs diff=lfs\n" });
  await expect(open(lab, lab.task(large))).rejects.toThrow(
    /\.gitattributes, which keeps files in Git LFS/u,
  );
  await rm(path.join(lab.repo, ".gitattributes"));
  await lab.git("update-index", "--add", "--cacheinfo", `160000,${start},lib/other`);
  await lab.git("commit", "--quiet", "-m", "Module");
  const module = await lab.git("rev-parse", "HEAD");
  await expect(open(lab, lab.task(module))).rejects.toThrow(/without submodules, got lib\/other/u);
  expect(await readdir(path.join(lab.root, "cache", "setups"))).toEqual(
    expect.not.arrayContaining([expect.stringContaining("making")]),
  );
});

test("sealing takes what git would take, and hears no planted configuration", async () => {
  const lab = await openCommitLab();
  const start = await lab.commit("First", {
    ".gitignore": "build/\n*.log\n",
    "src/a.js": "1\n",
    "src/b.js": "1\n",
    "src/c.js": "1\n",
    "folder/x.js": "1\n",
    "run.sh": "#!/bin/sh\n",
  });
  const task = lab.task(start, {
    setup: { runs: [["sh", "-c", "mkdir build && echo 1 > build/made"]] },
  });
  const workspace = await open(lab, task);
  const { folder } = workspace;
  expect(readFileSync(path.join(folder, "build/made"), "utf8")).toBe("1\n");
  await lab.put(folder, {
    "src/a.js": "2\n",
    "src/new.js": "new\n",
    "build/made": "2\n",
    "debug.log": "noise\n",
    "nested/.git/HEAD": "ref: refs/heads/main\n",
    "nested/inner.js": "inner\n",
    ".git/info/exclude": "new.js\n",
  });
  await rm(path.join(folder, "src/b.js"));
  await chmod(path.join(folder, "src/c.js"), 0o755);
  await rm(path.join(folder, "folder"), { recursive: true });
  symlinkSync("src", path.join(folder, "folder"));
  const planted = path.join(lab.root, "planted");
  for (const setting of [
    "core.fsmonitor",
    "filter.x.clean",
    "core.hooksPath",
    "core.excludesFile",
  ]) {
    await agentGit(workspace, "config", setting, `touch ${planted}`);
  }
  await lab.put(folder, { ".gitattributes": "* filter=x\n" });
  const sealed = await sealWorkspace({ workspace, task }, lab.environment);
  expect(existsSync(planted)).toBe(false);
  expect(sealed).toMatchObject({ commitStart: start, repaired: false, leftOut: [] });
  const args = ["diff", "--name-status", "--no-renames", start, sealed.commitEnd];
  const { stdout } = await promisify(execFile)("git", [`--git-dir=${sealed.gitDir}`, ...args]);
  expect(stdout.trim().split("\n")).toEqual(
    [
      "A\t.gitattributes",
      "A\tfolder",
      "D\tfolder/x.js",
      "A\tnested/inner.js",
      "D\tsrc/b.js",
      "M\tsrc/a.js",
      "M\tsrc/c.js",
      "A\tsrc/new.js",
    ].toSorted((left, right) => (left.slice(2) < right.slice(2) ? -1 : 1)),
  );
  await removeFolder(workspace.base);
  expect(existsSync(workspace.base)).toBe(false);
});

test("a pipe in the place of git's rules ends git, and the work is sealed without them", async () => {
  const lab = await openCommitLab();
  const start = await lab.commit("First", { "a.js": "1\n", ".gitignore": "*.log\n" });
  const task = lab.task(start);
  const workspace = await open(lab, task);
  await rm(path.join(workspace.folder, ".gitignore"));
  await promisify(execFile)("mkfifo", [path.join(workspace.folder, ".gitignore")]);
  await lab.put(workspace.folder, { "a.js": "2\n", "b.js": "new\n" });
  const interrupted = AbortSignal.abort();
  const sealing = { workspace, task, signal: interrupted };
  const sealed = await sealWorkspace(sealing, lab.environment);
  expect(sealed.leftOut).toMatchObject([
    { reason: "rules", first: [".gitignore"] },
    { reason: "special", first: [".gitignore"] },
  ]);
  const args = ["diff", "--name-status", "--no-renames", start, sealed.commitEnd];
  const { stdout } = await promisify(execFile)("git", [`--git-dir=${sealed.gitDir}`, ...args]);
  expect(stdout).toBe("D\t.gitignore\nM\ta.js\nA\tb.js\n");
  await removeFolder(workspace.base);
});

test("folders that git can't open, and links that it would not check out, are left out", async () => {
  const lab = await openCommitLab();
  const start = await lab.commit("First", { "a.js": "1\n" });
  const task = lab.task(start);
  const workspace = await open(lab, task);
  makeTooDeep(workspace.folder);
  symlinkSync("a.js", path.join(workspace.folder, ".gitmodules"));
  await lab.put(workspace.folder, { "b.js": "new\n" });
  const sealed = await sealWorkspace({ workspace, task }, lab.environment);
  expect(sealed.leftOut).toMatchObject([
    { reason: "unreadable", count: 1 },
    { reason: "special", count: 1, first: [".gitmodules"] },
  ]);
  const args = ["diff", "--name-status", start, sealed.commitEnd];
  const { stdout } = await promisify(execFile)("git", [`--git-dir=${sealed.gitDir}`, ...args]);
  expect(stdout).toBe("A\tb.js\n");
  await removeFolder(workspace.base);
});

test("an untouched workspace ends as it started, whatever setup made", async () => {
  const lab = await openCommitLab();
  const start = await lab.commit("First", { ".gitignore": "made\n", "a.js": "1\n" });
  const task = lab.task(start, { setup: { runs: [["touch", "made"]] } });
  const workspace = await open(lab, task);
  const sealed = await sealWorkspace({ workspace, task }, lab.environment);
  expect(sealed.commitEnd).toBe(start);
  await removeFolder(workspace.base);
});

test("secrets in the work are overwritten, and a file of the start stays as it was", async () => {
  const lab = await openCommitLab();
  const start = await lab.commit("First", { "a.js": "secret\n" });
  const task = lab.task(start, { setup: { runs: [["sh", "-c", "echo secret > made"]] } });
  const workspace = await open(lab, task);
  await lab.put(workspace.folder, { "b.js": "a secret\n", "of-secret.js": "" });
  const sealed = await sealWorkspace({ workspace, task, redactFile }, lab.environment);
  const args = [`--git-dir=${sealed.gitDir}`, "diff", "--unified=0", start, sealed.commitEnd];
  const { stdout } = await promisify(execFile)("git", args);
  expect(stdout.match(/^[+-](?![+-]).*$/gmu)).toEqual(["+a ******", "+******"]);
  expect(stdout).toContain("of-******.js");
  expect(stdout).not.toContain("secret");
  await removeFolder(workspace.base);
});

test("a work folder without its repository is sealed and repaired", async () => {
  const lab = await openCommitLab();
  const start = await lab.commit("First", { "a.js": "1\n" });
  const task = lab.task(start);
  const workspace = await open(lab, task);
  await rm(path.join(workspace.folder, ".git"), { recursive: true });
  await mkdir(path.join(workspace.folder, "src"));
  await lab.put(workspace.folder, { "src/b.js": "2\n" });
  const sealed = await sealWorkspace({ workspace, task }, lab.environment);
  expect(sealed.repaired).toBe(true);
  expect(sealed.commitEnd).not.toBe(start);
  await removeFolder(workspace.base);
});
