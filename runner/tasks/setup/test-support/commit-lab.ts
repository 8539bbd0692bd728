import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { chmod, mkdir, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { onTestFinished } from "vitest";

import { type Environment, processEnvironment } from "../../../platform/environment/environment.ts";
import { endOverlays } from "../../../platform/git/clone-folder.ts";
import type { CommandTask } from "../../bank/task.ts";

export type Files = Readonly<Record<string, string>>;

/** A folder with a repository, a bank and a cache of its own. */
export interface CommitLab {
  readonly root: string;
  readonly repo: string;
  readonly environment: Environment;
  git(...args: readonly string[]): Promise<string>;
  put(folder: string, files: Files): Promise<void>;
  /** Commits files to the repository. Returns the hash. */
  commit(message: string, files: Files): Promise<string>;
  task(commit: string, facts?: TaskFacts): CommandTask;
}

interface TaskFacts {
  readonly workspace?: Partial<CommandTask["workspace"]>;
  readonly setup?: Partial<CommandTask["setup"]>;
  readonly acceptance?: Partial<CommandTask["acceptance"]>;
  readonly solutionPaths?: readonly string[];
}

export async function openCommitLab(variables: Files = {}): Promise<CommitLab> {
  const root = await realpath(mkdtempSync(path.join(tmpdir(), "commits-")));
  onTestFinished(async () => {
    await endOverlays(root);
    rmSync(root, { recursive: true, force: true });
  });
  const own = processEnvironment();
  const environment = {
    ...own,
    variables: {
      ...own.variables,
      ...variables,
      COUNTERBALANCE_CACHE_DIR: path.join(root, "cache"),
    },
  };
  const repo = path.join(root, "repo");
  await mkdir(repo);
  const env = {
    PATH: own.variables["PATH"] ?? "",
    HOME: root,
    GIT_AUTHOR_NAME: "A",
    GIT_AUTHOR_EMAIL: "a@example.com",
    GIT_COMMITTER_NAME: "A",
    GIT_COMMITTER_EMAIL: "a@example.com",
  };
  const git = async (...args: readonly string[]) => {
    const { stdout } = await promisify(execFile)("git", [...args], { cwd: repo, env });
    return stdout.trim();
  };
  await git("init", "--quiet", "--initial-branch=main");
  const put = async (folder: string, files: Files) => {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
      if (text.startsWith("#!")) await chmod(file, 0o755);
    }
  };
  return {
    root,
    repo,
    environment,
    git,
    put,
    commit: async (message, files) => {
      await put(repo, files);
      await git("add", "--all", "--force");
      await git("commit", "--quiet", "--allow-empty", "-m", message);
      return await git("rev-parse", "HEAD");
    },
    task: (commit, facts = {}) => makeTask({ root, repo, commit }, facts),
  };
}

function makeTask(
  { root, repo, commit }: Record<"root" | "repo" | "commit", string>,
  { workspace, setup, acceptance, solutionPaths }: TaskFacts,
): CommandTask {
  return {
    kind: "command",
    id: "parser",
    title: "Parse errors name the line",
    language: "javascript",
    stratum: "small",
    folder: path.join(root, "bank", "parser"),
    timeoutS: 60,
    tokensMax: 1000,
    isDeterministic: true,
    digest: "0".repeat(64),
    statement: "Parse errors name the line.\n",
    workspace: { repo, repoName: repo, commit, path: "", agentSettings: [], ...workspace },
    setup: { runs: [], variables: [], allowedHosts: [], ...setup },
    acceptance: {
      run: ["true"],
      results: { format: "exit_code" },
      protect: [],
      failToPass: ["suite"],
      passToPass: [],
      canaries: [],
      ...acceptance,
    },
    solutionPaths,
  };
}
