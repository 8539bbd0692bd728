import type { Stats } from "node:fs";
import { chmod, mkdir, rename, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import { hasCode } from "../../../ledger/domain/errors.ts";
import { LeftFolder } from "../../platform/reader/left-folder.ts";
import { READING_LIMITS, type Reading, type ReadingLimits } from "../../platform/reader/reading.ts";

/** How much of an agent's work is recorded. */
export const WORK_LIMITS = {
  ...READING_LIMITS,
  filesMax: 20_000,
  fileBytesMax: 16 * 1024 * 1024,
  totalBytesMax: 64 * 1024 * 1024,
  /** How long git may compute, and take, to apply the agent's ignore files. */
  ignoreSeconds: 5,
  ignoreMs: 60_000,
};
export type WorkLimits = Readonly<typeof WORK_LIMITS> & ReadingLimits;

/** An agent's folder, and an empty one of ours that gets its work. */
export interface WorkPlace {
  readonly folder: string;
  readonly to: string;
  readonly limits: WorkLimits;
}

/** Git checks out no commit with such a link. */
function isRefusedByGit(name: string, stats: Stats): boolean {
  return stats.isSymbolicLink() && path.posix.basename(name).toLowerCase() === ".gitmodules";
}

const EXECUTABLE = 0o755;
const PLAIN = 0o644;
const OWNER_RUNS = 0o100;

/** Copies files and links of an agent's work, up to the limits. A file is copied as a whole or not at all. */
export class WorkCopy {
  readonly left: LeftFolder;
  readonly #place: WorkPlace;
  #files = 0;
  #bytes = 0;

  constructor(place: WorkPlace, reading: Reading) {
    this.left = new LeftFolder(reading, place.folder);
    this.#place = place;
  }

  /** Resolves to whether it was copied. */
  async take(name: string): Promise<boolean> {
    const stats = this.left.isInTime(name) ? await this.left.look(name) : null;
    if (stats === null) return false;
    const fault = isRefusedByGit(name, stats) ? "special" : this.#faultOf(stats);
    if (fault !== null) return this.left.leaveOut(fault, name);
    try {
      const isLink = stats.isSymbolicLink();
      if (!(isLink ? await this.#copyLink(name) : await this.#copyFile(name, stats))) return false;
    } catch (error) {
      // The path here is longer than the agent's.
      if (!hasCode(error, "ENAMETOOLONG")) throw error;
      return this.left.leaveOut("path", name);
    }
    this.#files += 1;
    this.#bytes += stats.size;
    return true;
  }

  #faultOf(stats: Stats) {
    const { filesMax, fileBytesMax, totalBytesMax } = this.#place.limits;
    if (!stats.isFile() && !stats.isSymbolicLink()) return "special";
    if (stats.size > fileBytesMax) return "large";
    if (this.#files >= filesMax) return "many";
    return this.#bytes + stats.size > totalBytesMax ? "bytes" : null;
  }

  async #copyFile(name: string, { mode }: Stats): Promise<boolean> {
    const content = await this.left.read(name, this.#place.limits.fileBytesMax);
    if (content === null) return false;
    const draft = `${this.#place.to}.draft`;
    await writeFile(draft, content);
    await chmod(draft, (mode & OWNER_RUNS) === 0 ? PLAIN : EXECUTABLE);
    await rename(draft, await this.#target(name));
    return true;
  }

  async #copyLink(name: string): Promise<boolean> {
    const leadsTo = await this.left.readLink(name);
    if (leadsTo === null) return false;
    await symlink(leadsTo, await this.#target(name));
    return true;
  }

  async #target(name: string): Promise<string> {
    const target = path.join(this.#place.to, name);
    await mkdir(path.dirname(target), { recursive: true });
    return target;
  }
}
