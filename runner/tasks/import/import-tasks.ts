import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { listTree } from "../../platform/git/list-tree.ts";
import { readTask } from "../bank/read-task.ts";
import type { CommandTask } from "../bank/task.ts";
import { type SizeRange, isWithin, rangeOf } from "../check/like-size.ts";
import { writeProof } from "../check/proof.ts";
import { type CommandProof, proveCommandTask } from "../check/prove-command-task.ts";
import { type Candidate, describeCommit } from "./candidate.ts";
import {
  type CommitFacts,
  HEAD,
  type SourceRepository,
  listCommits,
  openRepository,
  resolveCommit,
} from "./git-history.ts";
import type { ImportRequest } from "./import-request.ts";
import { TEST_RUNNERS } from "./runners/find-runner.ts";
import { taskIdOf } from "./task-id.ts";
import { withProvenTests } from "./task-text.ts";
import { writeTask } from "./write-task.ts";

/** What became of one commit. */
export interface ImportedCommit {
  readonly commit: string;
  readonly subject: string;
  readonly status: "kept" | "refused";
  /** The task's id, if it was kept. */
  readonly task?: string;
  /** Why it was not kept: a word for scripts, and a sentence. */
  readonly code?: string;
  readonly why?: string;
  /** The last lines that its tests printed, if none passed. */
  readonly printed?: readonly string[] | undefined;
  /** Changed by the solution. */
  readonly lines?: number;
  readonly files?: number;
  readonly runner?: string;
  readonly failToPass?: number;
  readonly passToPass?: number;
  readonly flaky?: readonly string[];
  /** Names that the hidden tests use and that an agent would have to guess. */
  readonly namesToGuess?: readonly string[];
}

export interface ImportResult {
  readonly bank: string;
  readonly commits: readonly ImportedCommit[];
  /** Whether an interrupt ended it early. The tasks that are done stay. */
  readonly isInterrupted: boolean;
}

export interface ImportTools {
  readonly environment: Environment;
  /** Ends the import; tasks that are done stay. */
  readonly signal: AbortSignal;
  /** Called with one line before each step that takes time. */
  readonly onProgress: (line: string) => void;
}

const SHORT_HASH = 10;

/** Makes tasks from commits of a repository, and proves each. A task that is in the bank already stays as it is. */
export async function importTasks(
  request: ImportRequest,
  tools: ImportTools,
): Promise<ImportResult> {
  const repository = openRepository(request.repo);
  const importing = { repository, request, tools };
  const described = await describeAll(await commitsOf(importing), importing);
  const range = rangeOf(described.flatMap((one) => ("partsFor" in one ? [one.lines] : [])));
  const done: ImportedCommit[] = [];
  let keptCount = 0;
  for (const one of described) {
    if (tools.signal.aborted || keptCount >= (request.enough ?? Infinity)) break;
    const result = "partsFor" in one ? await make(one, range, importing) : one;
    if (result === undefined) break;
    if (result.status === "kept") keptCount += 1;
    done.push(result);
  }
  refuseWithoutRunner(done, repository);
  return { bank: request.bank, commits: done, isInterrupted: tools.signal.aborted };
}

interface Importing {
  readonly repository: SourceRepository;
  readonly request: ImportRequest;
  readonly tools: ImportTools;
}

async function commitsOf({
  repository,
  request: { commit, since, limit, path: folder },
  tools: { environment },
}: Importing): Promise<readonly CommitFacts[]> {
  const from = await resolveCommit(repository, commit ?? HEAD, environment);
  const { gitDir } = repository;
  const files = folder === undefined ? [] : await listTree({ gitDir, tree: from }, environment);
  if (folder !== undefined && !files.some(({ file }) => file.startsWith(`${folder}/`))) {
    throw new ConfigurationError(
      `--path: expected a folder of ${repository.folder} at the commit ${from.slice(0, SHORT_HASH)}, got "${folder}". Write it relative to the repository, e.g. services/api.`,
    );
  }
  const wanted = commit === undefined ? { from, since, limit } : { from, limit: 1 };
  return await listCommits(repository, wanted, environment);
}

async function describeAll(
  commits: readonly CommitFacts[],
  { repository, request, tools }: Importing,
): Promise<readonly (Candidate | ImportedCommit)[]> {
  tools.onProgress(`Reading ${String(commits.length)} commits of ${repository.folder}`);
  const described: (Candidate | ImportedCommit)[] = [];
  for (const commit of commits) {
    if (tools.signal.aborted) break;
    const one = await describeCommit(repository, { commit, request }, tools.environment);
    described.push("why" in one ? refused(commit, one) : one);
  }
  return described;
}

function refused(
  { hash, message }: CommitFacts,
  facts: Pick<ImportedCommit, "code" | "why" | "printed" | "lines" | "files" | "flaky" | "runner">,
): ImportedCommit {
  return {
    commit: hash.slice(0, SHORT_HASH),
    subject: subjectOf(message),
    status: "refused",
    ...facts,
  };
}

function subjectOf(message: string): string {
  return message.trim().split("\n")[0] ?? "";
}

/** Makes and proves one task. Returns undefined if it was interrupted. */
async function make(
  candidate: Candidate,
  range: SizeRange | undefined,
  importing: Importing,
): Promise<ImportedCommit | undefined> {
  const { request, tools } = importing;
  const { commit, lines, files, runner } = candidate;
  const facts = { lines, files, runner: runner.name };
  if (range !== undefined && !isWithin(lines, range)) {
    const why = `its solution has ${String(lines)} lines; ${String(range.least)} to ${String(range.most)} are of like size`;
    return refused(commit, { code: "size", why, ...facts });
  }
  const id = request.id ?? taskIdOf(commit);
  const folder = path.join(request.bank, id);
  if (existsSync(folder)) {
    const why = `the bank has a task with the name ${id}`;
    return refused(commit, { code: "exists", why, ...facts });
  }
  tools.onProgress(`Proving ${id}`);
  const proof = await proveInBank(candidate, { id, folder }, importing);
  if (tools.signal.aborted) return undefined;
  const failed = proof.claims.find(({ ok }) => !ok);
  if (failed !== undefined) {
    const { flaky } = proof.proof;
    return refused(commit, {
      code: failed.code ?? "",
      why: failed.got,
      printed: failed.printed,
      ...facts,
      flaky,
    });
  }
  const { tests } = proof;
  return {
    commit: commit.hash.slice(0, SHORT_HASH),
    subject: subjectOf(commit.message),
    status: "kept",
    task: id,
    ...facts,
    failToPass: tests.fail_to_pass.length,
    passToPass: tests.pass_to_pass.length,
    flaky: proof.proof.flaky,
    namesToGuess: candidate.namesToGuess,
  };
}

/**
 * A task enters the bank only when it is proven. Until then its folder is next to the bank, as deep as
 * in it, so that relative paths lead to the same places.
 */
async function proveInBank(
  candidate: Candidate,
  { id, folder }: { readonly id: string; readonly folder: string },
  { repository, tools }: Importing,
): Promise<CommandProof> {
  const bank = path.dirname(folder);
  const staging = path.join(path.dirname(bank), `.${path.basename(bank)}-importing`);
  const unproven = path.join(staging, id);
  rmSync(unproven, { recursive: true, force: true });
  try {
    await writeTask(
      { ...candidate.partsFor(id, folder), folder: unproven },
      { repository, commit: candidate.commit.hash },
      tools.environment,
    );
    const proof = await proveCommandTask(readCommandTask(unproven), {
      environment: tools.environment,
      signal: tools.signal,
      unlisted: { canaryMarker: candidate.canaryMarker },
    });
    if (proof.proof.ok && !tools.signal.aborted) {
      keepProof(unproven, proof);
      mkdirSync(bank, { recursive: true });
      renameSync(unproven, folder);
    }
    return proof;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function readCommandTask(folder: string): CommandTask {
  const task = readTask(folder);
  if (task.kind === "command") return task;
  throw new Error(`${folder} is not a task that a command grades.`);
}

/** Writes what the proof found into `task.yaml`, and then the proof with the folder's digest. */
function keepProof(folder: string, { tests, proof }: CommandProof): void {
  const file = path.join(folder, "task.yaml");
  writeFileSync(file, withProvenTests(readFileSync(file, "utf8"), tests));
  writeProof(folder, { ...proof, digest: readTask(folder).digest });
}

/** If no commit has a runner, the repository's tests are not known at all. */
function refuseWithoutRunner(
  commits: readonly ImportedCommit[],
  { folder }: SourceRepository,
): void {
  if (!commits.some(({ code }) => code === "no_runner")) return;
  if (commits.some(({ runner }) => runner !== undefined)) return;
  const known = TEST_RUNNERS.map(({ name }) => name).join(", ");
  throw new ConfigurationError(
    `${folder}: expected a project whose tests run with one of ${known}, got none. ` +
      "Name the folder of the project with --path, or write a task of your own: experiment task new NAME --from command.",
  );
}
