import { readFileSync } from "node:fs";
import path from "node:path";

import type { Environment } from "../../platform/environment/environment.ts";
import { containsDiff } from "../check/solution-patch.ts";
import { type ProjectTrees, readTrees, relativeTo } from "./commit-tree.ts";
import {
  type ChangedFile,
  type CommitFacts,
  type SourceRepository,
  listChanges,
  patchOf,
  readAt,
  wordsAt,
} from "./git-history.ts";
import type { ImportRequest } from "./import-request.ts";
import { protectedPaths } from "./protected-paths.ts";
import { findRunner, sorterOf } from "./runners/find-runner.ts";
import type { CanaryFile, TestRunner } from "./runners/test-runner.ts";
import {
  type Refusal,
  type SplitCommit,
  linesOf,
  refuseHistory,
  splitCommit,
  statementOf,
} from "./split-commit.ts";
import { canaryMarker } from "./task-id.ts";
import { type TaskText, installFor, taskText } from "./task-text.ts";
import { namesToGuess } from "./unmentioned-names.ts";
import type { TaskParts } from "./write-task.ts";

/** A commit that can become a task if its proof holds. */
export interface Candidate {
  readonly commit: CommitFacts;
  readonly runner: TestRunner;
  readonly lines: number;
  readonly files: number;
  readonly namesToGuess: readonly string[];
  /** A part of the name of the test that must fail; undefined if there is none. */
  readonly canaryMarker: string | undefined;
  /** The task's files, for a task of this name in this folder. */
  readonly partsFor: (id: string, folder: string) => TaskParts;
}

/** Reads one commit, or says why it is not a task. */
export async function describeCommit(
  repository: SourceRepository,
  { commit, request }: { readonly commit: CommitFacts; readonly request: ImportRequest },
  environment: Environment,
): Promise<Candidate | Refusal> {
  const [parent = ""] = commit.parents;
  const refusal = refuseHistory(withStatement(commit, request));
  if (refusal !== undefined) return refusal;
  const folder = request.path ?? "";
  const place = { commit: commit.hash, parent, path: folder };
  const trees = await readTrees(repository, place, environment);
  const runner = findRunner(trees.tree);
  if (runner === undefined) {
    return { code: "no_runner", why: "no known program runs its tests" };
  }
  const partOf = sorterOf(runner, request.tests);
  const partOfFile = (file: string) => {
    const name = relativeTo(folder, file);
    return name === undefined ? "solution" : partOf(name);
  };
  const changes = await listChanges(repository, { parent, commit: commit.hash }, environment);
  const split = splitCommit(changes, partOfFile);
  if ("why" in split) return withPatterns(split, request);
  const isOfTests = (file: string) => partOfFile(file) !== "solution";
  const found: Found = { repository, commit, parent, folder, runner, trees, split, isOfTests };
  return await candidateOf(found, request, environment);
}

/** Patterns that match nothing are probably mistaken. */
function withPatterns(refusal: Refusal, { tests = [] }: ImportRequest): Refusal {
  if (refusal.code !== "no_tests" || tests.length === 0) return refusal;
  return { ...refusal, why: `none of its files match --tests ${tests.join(", ")}` };
}

interface Found {
  readonly repository: SourceRepository;
  readonly commit: CommitFacts;
  readonly parent: string;
  readonly folder: string;
  readonly runner: TestRunner;
  readonly trees: ProjectTrees;
  readonly split: SplitCommit;
  readonly isOfTests: (file: string) => boolean;
}

/** A given statement takes the place of the message. */
function withStatement(commit: CommitFacts, { statement }: ImportRequest): CommitFacts {
  return statement === undefined
    ? commit
    : { ...commit, message: readFileSync(statement, "utf8").trim() };
}

async function candidateOf(
  found: Found,
  request: ImportRequest,
  environment: Environment,
): Promise<Candidate | Refusal> {
  const { repository, commit, parent, runner, split } = found;
  const patch = async (files: readonly ChangedFile[]) =>
    await patchOf(
      repository,
      { parent, commit: commit.hash, files: files.map((file) => file.path) },
      environment,
    );
  const solutionPatch = await patch(split.solution);
  const statement = statementOf(withStatement(commit, request).message);
  if (containsDiff(statement, solutionPatch)) {
    return { code: "diff_in_statement", why: "its message contains its own change" };
  }
  const testsPatch = await patch(split.hidden);
  const words = namesToGuess({ testsPatch, solutionPatch, statement });
  const known = await wordsAt(repository, { commit: parent, words }, environment);
  const canaries = await canariesOf(found, environment);
  return {
    commit,
    runner,
    lines: linesOf(split.solution),
    files: split.solution.length,
    namesToGuess: words.filter((word) => !known.has(word)),
    canaryMarker: canaries.length === 0 ? undefined : canaryMarker(commit.hash),
    partsFor: (id, folder) => ({
      folder,
      text: taskText(textOf(found, { id, folder, environment })),
      statement,
      solutionPatch,
      hidden: split.hidden,
      canaries,
    }),
  };
}

/** A canary is next to the first hidden test, or next to the first one of each folder. */
async function canariesOf(
  { repository, commit, runner, split, isOfTests, folder }: Found,
  environment: Environment,
): Promise<readonly CanaryFile[]> {
  const { canary, isFolderAlone } = runner;
  if (canary === undefined) return [];
  const partOf = sorterOf(runner);
  const hidden = split.hidden.map(({ path: file }) => file).filter(isOfTests);
  const tests = hidden.filter((file) => partOf(relativeTo(folder, file) ?? file) === "test");
  const siblings = tests.length === 0 ? hidden : tests;
  const firsts = new Map(siblings.toReversed().map((file) => [path.dirname(file), file]));
  const marker = canaryMarker(commit.hash);
  const chosen = isFolderAlone === true ? [...firsts.values()].toSorted() : siblings.slice(0, 1);
  const made: CanaryFile[] = [];
  for (const sibling of chosen) {
    const text = await readAt(repository, { commit: commit.hash, file: sibling }, environment);
    made.push(canary({ sibling, text, marker }));
  }
  return made;
}

const SMALL_LINES = 30;
const MEDIUM_LINES = 120;

function sizeOf(lines: number): TaskText["size"] {
  if (lines <= SMALL_LINES) return "small";
  return lines <= MEDIUM_LINES ? "medium" : "large";
}

function textOf(
  { repository, commit, parent, folder, runner, trees, split, isOfTests }: Found,
  { id, folder: taskFolder, environment }: { id: string; folder: string; environment: Environment },
): TaskText {
  const { tree, parentFiles } = trees;
  const prefix = folder === "" ? "" : `${folder}/`;
  return {
    id,
    title: titleOf(commit),
    language: runner.language(tree),
    size: sizeOf(linesOf(split.solution)),
    repo: path.relative(taskFolder, repository.folder),
    parent,
    source: commit.hash,
    path: folder,
    setup: installFor(runner.setup(tree), environment),
    ...runner.command(tree),
    protect: protectedPaths({
      files: parentFiles,
      settings: runner.settings.map((pattern) => prefix + pattern),
      isOfTests,
      changed: split.solution.map((file) => file.path),
    }),
  };
}

const TITLE_LENGTH_MAX = 200;

function titleOf({ message }: CommitFacts): string {
  const [subject = ""] = message.trim().split("\n");
  const plain = subject.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ").trim();
  return plain.slice(0, TITLE_LENGTH_MAX);
}
