/**
 * The files of one commit below the task's folder. Paths are relative to that folder, and begin with `../`
 * for the files directly in a folder above it.
 */
export interface CommitTree {
  readonly files: readonly string[];
  /** The text of a file that describes the project, e.g. `package.json`. */
  readonly textOf: (file: string) => string | undefined;
}

/** How a program's test results are read: the field `results` of `task.yaml`. */
export type ResultsForm =
  | { readonly junit: string }
  | { readonly tap: string }
  | { readonly go_json: string }
  | "exit_code";

interface TestCommand {
  readonly run: readonly string[];
  readonly results: ResultsForm;
}

/** What has to be installed before tests can run. */
export interface InstallPlan {
  /** Commands with their arguments, one after the other. */
  readonly runs: readonly (readonly string[])[];
  /** Public hosts that it is fetched from. */
  readonly hosts: readonly string[];
  /** Variables that name another place, or give a key for it. */
  readonly variables: readonly string[];
}

/** A test that must fail. It is put next to a hidden test, so that the runner finds it. */
export interface CanaryFile {
  readonly path: string;
  readonly text: string;
}

export interface CanaryPlace {
  /** A hidden test file, and its text. */
  readonly sibling: string;
  readonly text: string;
  /** Letters and digits that no other test's name contains. */
  readonly marker: string;
}

/** A program that runs tests, and what its projects look like. Patterns are relative to the task's folder. */
export interface TestRunner {
  readonly name: string;
  readonly language: (tree: CommitTree) => string;
  /** Files with tests. */
  readonly tests: readonly string[];
  /** Files that only tests need, e.g. fixtures and snapshots. */
  readonly support: readonly string[];
  /** Files that decide how tests run. */
  readonly settings: readonly string[];
  readonly isUsed: (tree: CommitTree) => boolean;
  readonly command: (tree: CommitTree) => TestCommand;
  /** Absent if nothing has to be installed. */
  readonly setup: (tree: CommitTree) => InstallPlan | undefined;
  /** The tests of a folder run in a process of their own, so that each folder needs a canary. */
  readonly isFolderAlone?: true;
  /** Absent if a test that fails would hide all others. */
  readonly canary: ((place: CanaryPlace) => CanaryFile) | undefined;
}

/** The file in the folder of another one, e.g. `a/b.ts` and `c.ts` give `a/c.ts`. */
export function beside(file: string, name: string): string {
  return file.slice(0, file.lastIndexOf("/") + 1) + name;
}

/** The name of a file without its folders. */
export function nameOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}
