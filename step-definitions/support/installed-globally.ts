import path from "node:path";

import { execa } from "execa";

import { packageFolder } from "../../runner/package-folder.ts";
import { keepOnce } from "./keep-once.ts";

/** Packs the built program, and installs the package as a user does. Returns the folder for PATH. */
export async function installGlobally(): Promise<string> {
  const { folder } = await keepOnce("installed globally", async (place) => {
    // The specs have built it already, and a new build would remove it under those that run.
    const pack = ["pack", "--ignore-scripts", "--pack-destination", place];
    const { stdout } = await execa("npm", pack, { cwd: packageFolder() });
    const tarball = path.join(place, stdout.trim().split("\n").at(-1) ?? "");
    const options = ["--prefix", place, "--ignore-scripts", "--omit=optional", "--prefer-offline"];
    await execa("npm", ["install", "--global", ...options, tarball], { cwd: place });
  });
  return path.join(folder, "bin");
}
