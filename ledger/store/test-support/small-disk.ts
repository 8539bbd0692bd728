import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getuid, platform } from "node:process";

const COMMAND_MS_MAX = 300_000;

/** A real file system of some megabytes that a test may fill. */
export interface SmallDisk {
  readonly folder: string;
  /** Unmounts and mounts the disk like a stop of the machine: the content of the cache is lost. */
  restart(): void;
  /** Gives the medium below it the room that it lacked. */
  mendMedium(): void;
  remove(): void;
}

/**
 * An ext4 image of `megabytes` on a medium of `mediumMegabytes`. If the medium is smaller, it
 * refuses bytes that the disk's cache has accepted, so that a sync fails.
 */
export function makeSmallDisk(megabytes: number, mediumMegabytes = megabytes + 8): SmallDisk {
  const base = mkdtempSync(join(tmpdir(), "disk-"));
  const [medium, folder] = [join(base, "medium"), join(base, "disk")];
  const image = join(medium, "image");
  const mount = (): void => run("mount", ["-o", "loop,errors=continue", image, folder]);
  const disk = {
    folder,
    restart: () => {
      run("umount", [folder]);
      mount();
    },
    mendMedium: () => run("mount", ["-o", `remount,size=${megabytes + 8}m`, medium]),
    remove: () => {
      for (const path of [folder, medium]) tryUnmount(path);
      rmSync(base, { recursive: true });
    },
  };
  for (const path of [medium, folder]) mkdirSync(path);
  try {
    run("mount", ["-t", "tmpfs", "-o", `size=${mediumMegabytes}m`, "tmpfs", medium]);
    writeFileSync(image, "");
    truncateSync(image, megabytes * 1_048_576);
    // Without a journal, whose failure would make the disk read-only for good.
    run("mkfs.ext4", ["-q", "-F", "-O", "^has_journal", image]);
    mount();
  } catch (error) {
    disk.remove();
    throw error;
  }
  return disk;
}

/** The reason why no small disk can be made here, for a test's title; undefined if one can. */
export function whyNoSmallDisk(): string | undefined {
  if (platform !== "linux" || getuid?.() !== 0) return " (needs root on Linux)";
  try {
    makeSmallDisk(4).remove();
    return undefined;
  } catch (error) {
    return ` (impossible here: ${String(error).split("\n")[0]})`;
  }
}

function tryUnmount(path: string): void {
  try {
    // Lazily: a test that fails may leave files open.
    run("umount", ["--lazy", path]);
  } catch {
    // It was not there: an earlier step failed.
  }
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, [...args], { timeout: COMMAND_MS_MAX, stdio: "pipe" });
}
