import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { drawFrom } from "./draw.ts";
import { SimulatedDisk } from "./simulated-disk.ts";

/** Written by version 0.1.0 and never again: what it holds must be readable for ever. */
const GOLDEN_FOLDER = join(import.meta.dirname, "..", "golden", "envelope-1");

/** The folder in which `diskWith` puts its files. */
export const FOLDER = "/ledger";

/** The golden ledger's files by name. */
export function goldenFiles(): ReadonlyMap<string, Buffer> {
  const names = readdirSync(GOLDEN_FOLDER);
  return new Map(names.map((name) => [name, readFileSync(join(GOLDEN_FOLDER, name))]));
}

/** A simulated disk that holds these files in its ledger folder. */
export function diskWith(files: ReadonlyMap<string, Uint8Array>): SimulatedDisk {
  const disk = new SimulatedDisk(drawFrom(1));
  for (const [name, bytes] of files) disk.make(join(FOLDER, name)).replace(bytes);
  disk.syncNames();
  return disk;
}
