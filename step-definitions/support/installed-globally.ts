import path from "node:path";

import { execa } from "execa";

import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { keepOnce } from "./keep-once.ts";

/** Packs the built program, and installs the package as a user does. Returns the folder for PATH. */
export async function installGlobally(): Promise<string> {
  const { folder } = await keepOnce("installed globally", async (place) => {
    const tarball = await pack(place);
    await execa("npm", ["install", "--global", "--prefix", place, ...OPTIONS, tarball], {
      cwd: place,
    });
  });
  return path.join(folder, "bin");
}

/** Packs the built program, and installs the package in an empty folder. Returns that folder. */
export async function installAlone(): Promise<string> {
  const { folder } = await keepOnce("installed alone", async (place) => {
    await execa("npm", ["install", "--prefix", place, ...OPTIONS, await pack(place)], {
      cwd: place,
    });
  });
  return folder;
}

const OPTIONS = ["--ignore-scripts", "--omit=optional", "--prefer-offline", "--no-audit"];

/** The specs have built it already, and a new build would remove it under those that run. */
async function pack(place: string): Promise<string> {
  const options = ["pack", "--ignore-scripts", "--pack-destination", place];
  const { stdout } = await execa("npm", options, { cwd: packageFolder() });
  return path.join(place, stdout.trim().split("\n").at(-1) ?? "");
}
