import { constants, readFileSync, statfsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { execa } from "execa";

import type { Environment } from "../environment/environment.ts";

/** How a folder was made from another one. */
export type CloneKind = "reflink" | "overlay" | "copy";

type CloneEnvironment = Pick<Environment, "canMount" | "platform">;

/**
 * Makes a folder with the content of another one, which nothing in the new folder can change. Hard links
 * could not promise that: who owns a file can make it writable again.
 * @param to does not exist yet, or is empty. Beside it, an overlay keeps what changes.
 */
export async function cloneFolder(
  from: string,
  to: string,
  environment: CloneEnvironment,
): Promise<CloneKind> {
  await mkdir(to, { recursive: true });
  if (environment.platform === "darwin") {
    await run("/bin/cp", ["-c", "-R", `${from}/.`, to]);
    return "reflink";
  }
  if (await canReflink(from, to)) {
    await run("cp", ["-a", "--reflink=always", `${from}/.`, to]);
    return "reflink";
  }
  if (environment.canMount && (await mountOverlay(from, to))) return "overlay";
  await run("cp", ["-a", "--reflink=auto", `${from}/.`, to]);
  return "copy";
}

async function run(file: string, args: readonly string[]): Promise<void> {
  // Detached, so that Ctrl-C on a terminal does not leave half a copy.
  await execa(file, args, { stdin: "ignore", env: { LC_ALL: "C" }, detached: true });
}

export async function canReflink(from: string, to: string): Promise<boolean> {
  const place = await mkdtemp(path.join(path.dirname(from), "reflink-")).catch(() => undefined);
  if (place === undefined) return false;
  const probe = path.join(place, "probe");
  const copy = `${to}.probe`;
  try {
    await writeFile(probe, "probe");
    await copyFile(probe, copy, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  } finally {
    await rm(place, { recursive: true, force: true });
    await rm(copy, { force: true });
  }
}

const OVERLAY_MAGIC = 0x79_4c_76_30;

/** An overlay reads the files of the original where it is, and writes elsewhere. */
async function mountOverlay(lower: string, to: string): Promise<boolean> {
  const layers = `${to}.layers`;
  const [upper, work] = [path.join(layers, "upper"), path.join(layers, "work")];
  // Commas and colons separate the options of a mount.
  if ([lower, upper, work].some((name) => /[,:\\]/u.test(name))) return false;
  // An overlay can't keep its changes on another overlay.
  if (statfsSync(path.dirname(to)).type === OVERLAY_MAGIC) return false;
  await mkdir(upper, { recursive: true });
  await mkdir(work);
  const own = isInUserNamespace() ? ",userxattr" : "";
  const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}${own}`;
  const { failed } = await execa("mount", ["-t", "overlay", "overlay", "-o", options, to], {
    stdin: "ignore",
    reject: false,
  });
  if (failed) await rm(layers, { recursive: true, force: true });
  return !failed;
}

/** In a user namespace, an overlay can't keep its notes about folders in the attributes that are for root. */
function isInUserNamespace(): boolean {
  return !/^\s*0\s+0\s+4294967295\s*$/u.test(readFileSync("/proc/self/uid_map", "utf8"));
}

/** Ends the overlays in and below a folder, so that it can be removed. */
export async function endOverlays(folder: string): Promise<void> {
  for (const place of overlaysBelow(folder)) {
    // Lazily: the folder may still be the current one of a process that an agent left behind.
    await execa("umount", ["-l", place], { stdin: "ignore", reject: false });
  }
}

function overlaysBelow(folder: string): readonly string[] {
  try {
    return readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .map((line) => (line.split(" ")[4] ?? "").replaceAll(String.raw`\040`, " "))
      .filter((place) => place === folder || place.startsWith(`${folder}/`))
      .toReversed();
  } catch {
    return [];
  }
}
