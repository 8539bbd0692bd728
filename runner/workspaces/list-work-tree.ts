import { constants, type Dirent } from "node:fs";
import { access, lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** How much of an agent's work is recorded. */
const TREE_LIMITS = {
  filesMax: 20_000,
  fileBytesMax: 16 * 1024 * 1024,
  totalBytesMax: 256 * 1024 * 1024,
  depthMax: 64,
};
export type TreeLimits = Readonly<typeof TREE_LIMITS>;

/** Folders that a package manager fills; the agent did not write them. */
const DEPENDENCY_FOLDERS: ReadonlySet<string> = new Set(["node_modules", ".venv", "__pycache__"]);

/**
 * Lists the files of a folder without git: no ignore file hides a file, no nested repository is
 * skipped, no link is followed. It leaves out `.git` at any depth, folders of dependencies outside
 * of the solution, and everything beyond the limits.
 * @returns files and links, relative to the folder and sorted, and the number of those left out.
 */
export async function listWorkTree(
  folder: string,
  solutionPaths: readonly string[],
  limits: TreeLimits = TREE_LIMITS,
) {
  const walk = new Walk(folder, solutionPaths, limits);
  await walk.enter("", 0);
  return { files: walk.files.toSorted(), omittedCount: walk.omittedCount };
}

class Walk {
  readonly files: string[] = [];
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
    const entries = depth > this.#limits.depthMax ? null : await this.#read(path);
    if (entries === null) {
      this.omittedCount += 1;
      return;
    }
    const sorted = entries.toSorted((left, right) => (left.name < right.name ? -1 : 1));
    // The solution comes first, so that other files can't use up the limits.
    const isSolution = (entry: Dirent) => this.#leadsToSolution(join(path, entry.name));
    const ordered = [...sorted.filter(isSolution), ...sorted.filter((entry) => !isSolution(entry))];
    for (const entry of ordered) await this.#visit(join(path, entry.name), entry, depth);
  }

  async #read(path: string): Promise<readonly Dirent[] | null> {
    return await readdir(join(this.#folder, path), { withFileTypes: true }).catch(() => null);
  }

  async #visit(path: string, entry: Dirent, depth: number): Promise<void> {
    if (entry.name.toLowerCase() === ".git") return;
    const isDependencies = DEPENDENCY_FOLDERS.has(entry.name) && !this.#leadsToSolution(path);
    if (entry.isDirectory() && !isDependencies) await this.enter(path, depth + 1);
    else if (!entry.isDirectory() && (await this.#isRecorded(path, entry))) this.files.push(path);
    else this.omittedCount += 1;
  }

  /** Whether an entry is a readable file, or a link, within the limits. */
  async #isRecorded(path: string, entry: Dirent): Promise<boolean> {
    const { filesMax, fileBytesMax, totalBytesMax } = this.#limits;
    if (!entry.isFile() && !entry.isSymbolicLink()) return false;
    if (this.files.length >= filesMax) return false;
    const file = join(this.#folder, path);
    try {
      const { size } = await lstat(file);
      if (size > fileBytesMax || this.#bytes + size > totalBytesMax) return false;
      if (!entry.isSymbolicLink()) await access(file, constants.R_OK);
      this.#bytes += size;
      return true;
    } catch {
      return false;
    }
  }

  /** Whether a path is a solution path, inside one, or on the way to one. */
  #leadsToSolution(path: string): boolean {
    return this.#solutionPaths.some(
      (solution) =>
        solution === path || path.startsWith(`${solution}/`) || solution.startsWith(`${path}/`),
    );
  }
}
