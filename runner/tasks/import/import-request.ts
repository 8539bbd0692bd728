import { existsSync } from "node:fs";
import path from "node:path";

import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { taskIdFrom } from "../bank/task-id-option.ts";

/** What to make tasks from. Paths are absolute if nothing else is said. */
export interface ImportRequest {
  /** A folder in the repository. */
  readonly repo: string;
  /** The bank that gets the tasks; it is made if it does not exist. */
  readonly bank: string;
  /** The folder that the agents work in, relative to the repository. */
  readonly path?: string | undefined;
  /** One commit instead of the history. */
  readonly commit?: string | undefined;
  /** The first day, e.g. `2026-01-31`. */
  readonly since?: string | undefined;
  /** The most commits that are looked at, the newest first. */
  readonly limit: number;
  /** The most tasks that are kept; all if absent. */
  readonly enough?: number | undefined;
  /** The name of the task, for one commit. */
  readonly id?: string | undefined;
  /** A file with the statement, for one commit. */
  readonly statement?: string | undefined;
  /** Patterns of the test files, relative to the folder; the runner's own if there are none. */
  readonly tests?: readonly string[] | undefined;
}

/** The same as options name it, relative to the current folder. */
interface ImportOptions {
  readonly repo: string;
  readonly bank: string;
  readonly path?: string;
  readonly commit?: string;
  readonly since?: string;
  readonly limit?: string;
  readonly id?: string;
  readonly statement?: string;
  readonly tests?: readonly string[];
}

const LIMIT = 40;

/** @throws ConfigurationError naming the option that is wrong. */
export function readImportRequest(
  options: ImportOptions,
  { cwd }: { readonly cwd: string },
): ImportRequest {
  const { commit, since, id, statement, tests } = options;
  for (const [option, value] of Object.entries({ id, statement })) {
    if (value === undefined || commit !== undefined) continue;
    throw new ConfigurationError(
      `--${option}: expected it with --commit, got none. It belongs to one commit: name that commit.`,
    );
  }
  const statementFile = statement && path.resolve(cwd, statement);
  if (statementFile !== undefined && !existsSync(statementFile)) {
    throw new ConfigurationError(
      `--statement: expected a file, got "${statementFile}", which does not exist. Write the file first.`,
    );
  }
  return {
    repo: path.resolve(cwd, options.repo),
    bank: path.resolve(cwd, options.bank),
    path: folderOf(options.path),
    commit,
    since: dayOf(since),
    limit: countOf(options.limit),
    id: id === undefined ? undefined : taskIdFrom("--id", id),
    statement: statementFile,
    tests,
  };
}

function folderOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const folder = path.posix.normalize(given).replace(/\/+$/u, "");
  if (!path.posix.isAbsolute(folder) && !folder.split("/").includes("..")) {
    return folder === "." ? undefined : folder;
  }
  throw new ConfigurationError(
    `--path: expected a folder inside the repository, got "${given}". Write it relative to the repository, e.g. services/api.`,
  );
}

function dayOf(given: string | undefined): string | undefined {
  if (given === undefined || /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/u.test(given)) {
    return given;
  }
  throw new ConfigurationError(
    `--since: expected a day, got "${given}". Write year, month and day, e.g. 2026-01-31.`,
  );
}

function countOf(given: string | undefined): number {
  if (given === undefined) return LIMIT;
  if (/^[1-9]\d{0,4}$/u.test(given)) return Number(given);
  throw new ConfigurationError(
    `--limit: expected a number of commits from 1 to 99999, got "${given}". Write e.g. 40.`,
  );
}
