import type { ChangedFile, CommitFacts } from "./git-history.ts";
import { type FilePart } from "./runners/find-runner.ts";
import { nameOf } from "./runners/test-runner.ts";

/** A commit in the parts of a task. */
export interface SplitCommit {
  /** Tests and what they need; put over the agent's work. */
  readonly hidden: readonly ChangedFile[];
  /** What the agent is asked to do. */
  readonly solution: readonly ChangedFile[];
}

/** Why a commit is not a task, in words that follow the commit in a table. */
export interface Refusal {
  readonly code: string;
  readonly why: string;
}

/** Files whose change needs another setup than the parent's. */
const LOCK_FILES = [
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "go.sum",
  "Cargo.lock",
  "Gemfile.lock",
  "poetry.lock",
  "uv.lock",
  "requirements.txt",
];

/** Says what about a message or the shape of history keeps a commit from being a task. */
export function refuseHistory({
  parents,
  message,
  isCutOff,
}: Pick<CommitFacts, "parents" | "message" | "isCutOff">): Refusal | undefined {
  if (isCutOff) {
    const why = "its parent is missing from this shallow clone; run: git fetch --unshallow";
    return { code: "shallow", why };
  }
  if (parents.length === 0) return { code: "root", why: "it is the first commit" };
  if (parents.length > 1) return { code: "merge", why: "it is a merge" };
  const statement = statementOf(message);
  if (statement === "") return { code: "empty_message", why: "its message is empty" };
  if (/^Merge (?:branch|pull request|remote|tag|commit)\b/u.test(statement)) {
    return { code: "merge", why: "its message is that of a merge" };
  }
  return undefined;
}

const TRAILER = /^(?:[A-Z][A-Za-z]*(?:-[A-Za-z]+)+|Fixes|Closes|Refs|Bug|Link): \S.*$/u;

/** A commit's message without the trailers that tools add at its end. */
export function statementOf(message: string): string {
  const paragraphs = message.trim().split(/\n\s*\n/u);
  while (
    paragraphs.length > 1 &&
    (paragraphs.at(-1) ?? "").split("\n").every((line) => TRAILER.test(line.trim()))
  ) {
    paragraphs.pop();
  }
  return paragraphs.join("\n\n").trim();
}

/** Sorts a commit's files into hidden tests and the solution, or says why that is not a task. */
export function splitCommit(
  changes: readonly ChangedFile[],
  partOf: (file: string) => FilePart,
): SplitCommit | Refusal {
  const hidden = changes.filter(({ path }) => partOf(path) !== "solution");
  const solution = changes.filter(({ path }) => partOf(path) === "solution");
  const tests = hidden.filter(({ path }) => partOf(path) === "test");
  return refuseParts(tests, hidden, solution) ?? { hidden, solution };
}

function refuseParts(
  tests: readonly ChangedFile[],
  hidden: readonly ChangedFile[],
  solution: readonly ChangedFile[],
): Refusal | undefined {
  if (tests.length === 0) return { code: "no_tests", why: "it changes no tests" };
  if (solution.length === 0) return { code: "only_tests", why: "it changes only tests" };
  const deleted = hidden.filter(({ status }) => status === "deleted");
  const added = hidden.filter(({ status }) => status === "added");
  if (deleted.length > 0) {
    // A hidden overlay can only add files. The agent's work would keep the old tests.
    const verb = added.length >= deleted.length ? "renames or deletes" : "deletes";
    return { code: "deletes_tests", why: `it ${verb} tests: ${namesOf(deleted)}` };
  }
  const linked = hidden.filter(({ kind }) => kind !== "file");
  if (linked.length > 0) {
    return { code: "test_links", why: `its tests are links: ${namesOf(linked)}` };
  }
  const submodules = solution.filter(({ kind }) => kind === "submodule");
  if (submodules.length > 0) {
    return { code: "submodule", why: `it changes a submodule: ${namesOf(submodules)}` };
  }
  const binary = solution.filter(({ isBinary }) => isBinary);
  if (binary.length > 0) {
    return { code: "binary", why: `it changes a binary file: ${namesOf(binary)}` };
  }
  const locked = solution.filter(({ path }) => LOCK_FILES.includes(nameOf(path)));
  if (locked.length > 0) {
    return { code: "dependencies", why: `it changes dependencies: ${namesOf(locked)}` };
  }
  return undefined;
}

function namesOf(files: readonly ChangedFile[]): string {
  const [first, ...others] = files.map(({ path }) => path);
  return others.length === 0 ? (first ?? "") : `${first ?? ""} and ${String(others.length)} more`;
}

/** Lines that a solution adds and removes. */
export function linesOf(files: readonly ChangedFile[]): number {
  return files.reduce((sum, { linesAdded, linesRemoved }) => sum + linesAdded + linesRemoved, 0);
}
