import { rmSync } from "node:fs";

import { stringify } from "yaml";

import { endOverlays } from "../../runner/platform/git/clone-folder.ts";
import { gitIn } from "./git-facts.ts";
import type { ExperimentWorld } from "./world.ts";

/** Texts by path. A file without text is removed. */
export type WorkFiles = Readonly<Record<string, string | null>>;

/** A task from the first commit of a repository. */
export interface CommitTaskParts {
  readonly title: string;
  readonly statement: string;
  readonly language: string;
  readonly repository: Readonly<Record<string, string>>;
  readonly hidden: Readonly<Record<string, string>>;
  /** What the scripted model changes. */
  readonly work: WorkFiles;
  /** What `task.yaml` says besides. */
  readonly acceptance: Readonly<Record<string, unknown>>;
  readonly setup?:
    | { readonly run: readonly string[]; readonly env?: readonly string[] }
    | undefined;
}

const MODEL = "scripted-model";
const OTHER_MODEL = "other-model";
const FOLDER = "bank/task";
const IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@example.invalid"];
const BUILTIN = { driver: "builtin-agent", model: MODEL, upstream: "models" };

/** Writes a repository, a bank with one task of it, and an experiment of this task. */
export async function writeCommitTask(
  world: ExperimentWorld,
  parts: CommitTaskParts,
): Promise<void> {
  world.variables["COUNTERBALANCE_CACHE_DIR"] = world.file("cache");
  world.variables["TMPDIR"] = world.file("tmp");
  world.write("tmp/.keep", "");
  // Workspaces that a run keeps may be overlays.
  world.cleanups.push(() => endOverlays(world.folder));
  const repo = world.file("repo");
  writeFiles(world, "repo", parts.repository);
  await gitIn(repo, ["init", "--quiet", "--initial-branch=main"]);
  await gitIn(repo, ["add", "--all"]);
  await gitIn(repo, [...IDENTITY, "commit", "--quiet", "--message", "Start"]);
  writeFiles(world, "repo", parts.work);
  await gitIn(repo, ["add", "--all"]);
  const patch = await gitIn(repo, ["diff", "--cached"]);
  world.write(`${FOLDER}/solution.patch`, `${patch.trimEnd()}\n`);
  world.write(`${FOLDER}/statement.md`, parts.statement);
  writeFiles(world, `${FOLDER}/hidden`, parts.hidden);
  await writeFacts(world, parts);
  writeProvider(world);
}

/** Rewrites `task.yaml`. */
async function writeFacts(
  world: ExperimentWorld,
  { title, language, setup, acceptance }: CommitTaskParts,
): Promise<void> {
  const commit = (await gitIn(world.file("repo"), ["rev-parse", "HEAD"])).trim();
  const facts = {
    id: "task",
    title,
    language,
    stratum: "small",
    workspace: { repo: "../../repo", commit },
    ...(setup === undefined ? {} : { setup }),
    acceptance: { kind: "command", overlay: "hidden/", ...acceptance },
    timeout_s: 300,
    tokens_max: 100_000,
    deterministic: true,
  };
  world.write(`${FOLDER}/task.yaml`, stringify(facts));
}

/** Lets both providers of the experiment use a driver. */
export function writeProvider(
  world: ExperimentWorld,
  provider = BUILTIN,
  { latencyMs = 0, washoutS = 0 } = {},
): void {
  const own = { output_tokens: 200, output_spread: 0, tokens_per_second: 10_000_000 };
  const profile = { ...own, latency_ms: latencyMs };
  const experiment = {
    name: "commits",
    tasks: { bank: "bank", include: ["*"] },
    providers: { first: provider, second: { ...provider, model: OTHER_MODEL } },
    upstreams: { models: { scripted: { [MODEL]: profile, [OTHER_MODEL]: profile, any: profile } } },
    design: { washout_s: washoutS },
  };
  world.write("experiment.yaml", stringify(experiment));
}

function writeFiles(world: ExperimentWorld, folder: string, files: WorkFiles): void {
  for (const [file, text] of Object.entries(files)) {
    if (text === null) rmSync(world.file(`${folder}/${file}`));
    else world.write(`${folder}/${file}`, text);
  }
}
