import type { Dirent } from "node:fs";
import { constants } from "node:fs";
import { access, lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

import type { OmittedPath } from "./workspace.ts";

/** How much of what an agent left is recorded. */
export interface TreeLimits {
  readonly filesMax: number;
  readonly fileBytesMax: number;
  readonly totalBytesMax: number;
  readonly depthMax: number;
}

const TREE_LIMITS: TreeLimits = {
  filesMax: 20_000,
  fileBytesMax: 16 * 1024 * 1024,
  totalBytesMax: 256 * 1024 * 1024,
  depthMax: 64,
};

export interface WorkTree {
  /** Files and links, relative to the folder, sorted. */
  readonly files: readonly string[];
  /** At most the first hundred. */
  readonly omitted: readonly OmittedPath[];
  readonly omittedCount: number;
}

const OMITTED_SHOWN_MAX = 100;

/** Folders that a package manager fills; they are not the agent's own writing. */
const DEPENDENCY_FOLDERS: ReadonlySet<string> = new Set(["node_modules", ".venv", "__pycache__"]);

/**
 * Lists what a folder holds, without git: no ignore file hides anything, no nested repository
 * stands in the way, no link is followed. Left out are `.git` at any depth, folders of
 * dependencies outside of the solution, and what passes the limits.
 */
export async function listWorkTree(
  folder: string,
  solutionPaths: readonly string[],
  limits: TreeLimits = TREE_LIMITS,
): Promise<WorkTree> {
  const walk = new Walk(folder, solutionPaths, limits);
  await walk.enter("", 0);
  const { files, omitted, omittedCount } = walk;
  return { files: files.toSorted(), omitted, omittedCount };
}

class Walk {
  readonly files: string[] = [];
  readonly omitted: OmittedPath[] = [];
  omittedCount = 0;
  readonly #folder: string;
  readonly #solutionPaths: readonly string[];
  readonly #limits: TreeLimits;
  #bytes = 0;

  constructor(folder: string, solutionPaths: readonly string[], limits: TreeLimits) {
    this.#folder = folder;
    this.#solutionPaths = solutionPaths.map((path) => path.replace(/^\.\/|\/+$/gu, ""));
    this.#limits = limits;
  }

  async enter(path: string, depth: number): Promise<void> {
    if (depth > this.#limits.depthMax) return this.#omit(path, "too_deep");
    let entries: readonly Dirent[];
    try {
      entries = await readdir(join(this.#folder, path), { withFileTypes: true });
    } catch {
      return this.#omit(path, "unreadable");
    }
    const sorted = entries.toSorted((left, right) => (left.name < right.name ? -1 : 1));
    // The solution comes first, so that what lies beside it can't use up the limits.
    const isSolution = (entry: Dirent) => this.#touchesSolution(join(path, entry.name));
    const ordered = [...sorted.filter(isSolution), ...sorted.filter((entry) => !isSolution(entry))];
    for (const entry of ordered) await this.#visit(join(path, entry.name), entry, depth);
  }

  async #visit(path: string, entry: Dirent, depth: number): Promise<void> {
    if (entry.name.toLowerCase() === ".git") return;
    if (entry.isDirectory()) {
      const isDependencies = DEPENDENCY_FOLDERS.has(entry.name) && !this.#touchesSolution(path);
      if (isDependencies) return this.#omit(path, "dependencies");
      return this.enter(path, depth + 1);
    }
    if (!entry.isFile() && !entry.isSymbolicLink()) return this.#omit(path, "not_a_file");
    const reason = await this.#reasonAgainst(path, entry);
    if (reason !== undefined) return this.#omit(path, reason);
    this.files.push(path);
  }

  async #reasonAgainst(path: string, entry: Dirent): Promise<OmittedPath["reason"] | undefined> {
    const { filesMax, fileBytesMax, totalBytesMax } = this.#limits;
    if (this.files.length >= filesMax) return "too_many";
    const file = join(this.#folder, path);
    try {
      const { size } = await lstat(file);
      if (size > fileBytesMax || this.#bytes + size > totalBytesMax) return "too_large";
      if (!entry.isSymbolicLink()) await access(file, constants.R_OK);
      this.#bytes += size;
      return undefined;
    } catch {
      return "unreadable";
    }
  }

  /** Whether a path is a solution path, inside one, or on the way to one. */
  #touchesSolution(path: string): boolean {
    return this.#solutionPaths.some(
      (solution) =>
        solution === path || path.startsWith(`${solution}/`) || solution.startsWith(`${path}/`),
    );
  }

  #omit(path: string, reason: OmittedPath["reason"]): void {
    this.omittedCount += 1;
    if (this.omitted.length < OMITTED_SHOWN_MAX) this.omitted.push({ path, reason });
  }
}
