import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import { reasonOf } from "../../../ledger/domain/errors.ts";
import { GIT_ATTRIBUTES } from "../../../ledger/store/git-attributes.ts";
import {
  readStoreAddress,
  type StoreAddress,
} from "../../../ledger/store/postgres/store-address.ts";
import { ConfigurationError } from "./configuration-error.ts";
import type { Environment } from "./environment.ts";

/** The folders of everything generated except workspaces, as absolute paths. */
export interface DataFolder {
  readonly root: string;
  /** As it was named; null for the usual one. */
  readonly given: string | null;
  /** The database that has the ledger; null for a ledger of files. */
  readonly store: StoreAddress | null;
  /** With a store, this machine's copy of it. */
  readonly ledger: string;
  /** What this machine remembers of the ledger: windows under way, running processes, budgets. */
  readonly state: string;
  readonly captures: string;
  readonly reports: string;
}

const DEFAULT_FOLDER = ".experiment";
const STORE_VARIABLE = "COUNTERBALANCE_STORE";

/**
 * `--data-dir`, else the environment, else `.experiment` in the current folder. The environment also
 * names the store, even if the command line did. Creates nothing.
 */
export function locateDataFolder(option: string | undefined, environment: Environment): DataFolder {
  const { variables, cwd } = environment;
  const chosen =
    option ??
    variables["COUNTERBALANCE_DATA_DIR"] ??
    variables["TRACKER_DATA_DIR"] ??
    DEFAULT_FOLDER;
  const root = path.resolve(cwd, chosen);
  const store = storeIn(environment);
  const own = store === null ? root : path.join(root, "stores", store.key);
  return {
    root,
    given: chosen === DEFAULT_FOLDER ? null : chosen,
    store,
    ledger: path.join(own, "ledger"),
    state: path.resolve(cwd, variables["TRACKER_ALIAS_STATE_DIR"] ?? path.join(own, "state")),
    captures: path.join(root, "captures"),
    reports: path.join(root, "reports"),
  };
}

/**
 * The folder with what the agents of an experiment print. A store has its own, because the same experiment in files
 * has windows of the same names.
 */
export function logsFolder(
  { captures, store }: Pick<DataFolder, "captures" | "store">,
  experimentId: string,
): string {
  return path.join(captures, store === null ? experimentId : `${experimentId}-${store.key}`);
}

/** The same environment with another store, or without one. */
export function withStore(environment: Environment, url: string | undefined): Environment {
  return { ...environment, variables: { ...environment.variables, [STORE_VARIABLE]: url } };
}

function storeIn({ variables }: Environment): StoreAddress | null {
  const url = variables[STORE_VARIABLE] ?? "";
  return url === "" ? null : readStoreAddress(url, STORE_VARIABLE);
}

/** Keeps a ledger from being committed by accident, and makes git restore exactly the committed bytes. */
const FOR_GIT = [{ name: ".gitignore", text: "*\n" }, GIT_ATTRIBUTES];

/**
 * Makes the folders, and what git has to know of them. The ledger makes its own folder.
 * @throws ConfigurationError with the folder and the system's message.
 */
export function createDataFolder(folder: DataFolder): void {
  try {
    const { root, state, captures, reports } = folder;
    for (const each of [root, state, captures, reports]) makeFolder(each);
    for (const { name, text } of FOR_GIT) {
      const file = path.join(root, name);
      if (!existsSync(file)) writeFileSync(file, text);
    }
  } catch (error) {
    throw new ConfigurationError(
      `${folder.root}: the data folder can't be used (${reasonOf(error)}). Name a folder that may be written with --data-dir.`,
      { cause: error },
    );
  }
}

/** Makes one level at a time, because a recursive `mkdir` never returns if the system answers ENOENT. */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it at the same moment.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(name: string): boolean {
  const there = statSync(name, { throwIfNoEntry: false });
  if (there?.isDirectory() === false) throw new Error(`${name} is a file`);
  return there !== undefined;
}
