import { execFile } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { processEnvironment } from "../../../platform/environment/environment.ts";
import type { GherkinTask } from "../../bank/task.ts";
import type { Workspace } from "../create-workspace.ts";

/** Writes a task's starting workspace below the folder, one of its files executable. */
export async function makeGreetingTask(folder: string): Promise<GherkinTask> {
  await mkdir(join(folder, "workspace", "src"), { recursive: true });
  await writeFile(join(folder, "workspace", "src", "greet.js"), "export {};\n");
  await writeFile(join(folder, "workspace", "README.md"), "one\ntwo\nthree\n");
  await writeFile(join(folder, "workspace", "check.sh"), "#!/bin/sh\ntrue\n");
  await chmod(join(folder, "workspace", "check.sh"), 0o755);
  return {
    kind: "gherkin",
    id: "greeting",
    title: "A greeting",
    language: "javascript",
    stratum: "small",
    folder,
    featureText: "Feature: Greeting\n",
    solutionPaths: ["src/"],
    acceptancePaths: ["acceptance/"],
    timeoutS: 60,
    tokensMax: 1000,
    isDeterministic: true,
    digest: "0".repeat(64),
  };
}

/** Git as an agent runs it, in the workspace. */
export async function agentGit(workspace: Workspace, ...args: string[]): Promise<string> {
  const env = { PATH: processEnvironment().variables["PATH"] ?? "", HOME: workspace.home };
  const git = promisify(execFile)("git", args, { cwd: workspace.folder, env });
  git.child.stdin?.end();
  return (await git).stdout;
}
