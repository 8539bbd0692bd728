import { writeFileSync } from "node:fs";
import path from "node:path";

import { execa } from "execa";

import { keepOnce } from "./keep-once.ts";

/** The supported versions besides the one that runs the specs. */
const OTHERS: Readonly<Record<number, string>> = { 26: "26.10.0" };

/** The folder with the program of a supported Node; one that does not run the specs is installed by npm. */
export async function folderOfNode(major: number): Promise<string> {
  if (process.versions.node.startsWith(`${String(major)}.`)) return path.dirname(process.execPath);
  const version = OTHERS[major];
  if (version === undefined) throw new Error(`No version of Node ${String(major)} is pinned here.`);
  const { folder } = await keepOnce(`node ${version}`, async (place) => {
    // Its script fetches the program.
    writeFileSync(path.join(place, "package.json"), '{ "allowScripts": { "node": true } }\n');
    const options = ["--prefix", place, "--no-audit", "--prefer-offline"];
    await execa("npm", ["install", ...options, `node@${version}`], { cwd: place });
  });
  return path.join(folder, "node_modules/node/bin");
}
