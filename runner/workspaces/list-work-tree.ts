import { constants, type Dirent, type Stats } from "node:fs";
import { access, lstat, opendir } from "node:fs/promises";
import { join } from "node:path";

/** How much of an agent's work is recorded. */
export const TREE_LIMITS = {
  filesMax: 20_000,
  fileBytesMax: 16 * 1024 * 1024,
  totalBytesMax: 64 * 1024 * 1024,
  depthMax: 64,
  /** Files, folders and everything else that is looked at. */
  entriesMax: 200_000,
  /** How long git may compute, and take, to apply the agent's ignore files. */
  ignoreSeconds: 5,
  ignoreMs: 60_000,
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

interface Entry {
  readonly name: string;
  readonly kind: Pick<Dirent | Stats, "isDirectory" | "isFile" | "isSymbolicLink">;
}

class Walk {
  readonly files: string[] = [];
  omittedCount = 0;
  readonly #folder: string;
  readonly #solutionPaths: readonly string[];
  readonly #limits: TreeLimits;
  #bytes = 0;
  #entriesLeft: number;

  constructor(folder: string, solutionPaths: readonly string[], limits: TreeLimits) {
    this.#folder = folder;
    this.#solutionPaths = solutionPaths.map((path) => path.replace(/^\.\/|\/+$/gu, ""));
    this.#limits = limits;
    this.#entriesLeft = limits.entriesMax;
  }

  async enter(path: string, depth: number): Promise<void> {
    const entries = depth > this.#limits.depthMax ? null : await this.#read(path);
    if (entries === null) {
      this.omittedCount += 1;
      return;
    }
    const sorted = entries.toSorted((left, right) => (left.name < right.name ? -1 : 1));
    // The solution comes first, so that other files can't use up the limits.
    const isSolution = (entry: Entry) => this.#leadsToSolution(join(path, entry.name));
    const ordered = [...sorted.filter(isSolution), ...sorted.filter((entry) => !isSolution(entry))];
    for (const entry of ordered) await this.#visit(join(path, entry.name), entry, depth);
  }

  /** Reads at most half of the entries that are left, so that no folder uses up the limit. */
  async #read(path: string): Promise<readonly Entry[] | null> {
    const entriesMax = Math.ceil(this.#entriesLeft / 2);
    const entries: Entry[] = [];
    try {
      for await (const entry of await opendir(join(this.#folder, path), { bufferSize: 1024 })) {
        if (entries.length >= entriesMax) {
          this.omittedCount += 1;
          entries.push(...(await this.#solutionBelow(path, entries)));
          break;
        }
        entries.push({ name: entry.name, kind: entry });
      }
    } catch {
      return null;
    }
    this.#entriesLeft -= Math.min(entries.length, this.#entriesLeft);
    return entries;
  }

  /** The entries on the way to the solution that are not among those read. */
  async #solutionBelow(path: string, read: readonly Entry[]): Promise<readonly Entry[]> {
    const start = path === "" ? "" : `${path}/`;
    const names = this.#solutionPaths
      .filter((solution) => solution.startsWith(start))
      .map((solution) => solution.slice(start.length).split("/", 1)[0] ?? "");
    const missing = [...new Set(names)].filter((wanted) =>
      read.every(({ name }) => name !== wanted),
    );
    const found = missing.map(async (name) => {
      const kind = await lstat(join(this.#folder, path, name)).catch(() => undefined);
      return kind === undefined ? [] : [{ name, kind }];
    });
    return (await Promise.all(found)).flat();
  }

  async #visit(path: string, { name, kind }: Entry, depth: number): Promise<void> {
    if (name.toLowerCase() === ".git") return;
    const isDependencies = DEPENDENCY_FOLDERS.has(name) && !this.#leadsToSolution(path);
    if (kind.isDirectory() && !isDependencies) await this.enter(path, depth + 1);
    else if (!kind.isDirectory() && (await this.#isRecorded(path, kind))) this.files.push(path);
    else this.omittedCount += 1;
  }

  /** Whether an entry is a readable file, or a link, within the limits. */
  async #isRecorded(path: string, entry: Entry["kind"]): Promise<boolean> {
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
