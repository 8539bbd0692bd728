import { readdirSync, statSync } from "node:fs";
import path from "node:path";

import type { LedgerSnapshot } from "../../../ledger/store/store.ts";
import type { Kept } from "../../../ledger/views/kept-file.ts";
import { cacheKey } from "./cache-key.ts";
import type { DataFolder } from "./data-folder.ts";
import type { Environment } from "./environment.ts";
import { toolVersion } from "./package-folder.ts";
import { cacheFolder } from "./user-folders.ts";

/** A smaller ledger is folded in less time than a person notices. */
const CACHED_BYTES_MIN = 32 * 2 ** 20;

/** An experiment of which something is kept. */
interface CachedExperiment {
  readonly ledger: Pick<LedgerSnapshot, "ledgerId">;
  readonly folder: DataFolder;
  readonly environment: Environment;
  readonly experimentId: string;
}

/**
 * The place for something of an experiment; undefined for a small ledger.
 * @param headsSha - The ledger's, if it is only of use as long as no row is added.
 */
export function placeInCache(
  { ledger: { ledgerId }, folder, environment, experimentId }: CachedExperiment,
  what: "fold" | "sums" | "report",
  headsSha: string | null = null,
): Kept | undefined {
  const cache = cacheFolder(environment);
  if (cache === undefined || bytesIn(folder.ledger) < CACHED_BYTES_MIN) return undefined;
  const key = cacheKey(environment);
  if (key === undefined) return undefined;
  // Another build of the program may fold otherwise.
  const { mtimeMs, size } = statSync(import.meta.filename);
  const build = [toolVersion(), process.version, mtimeMs, size];
  return {
    file: path.join(cache, `${ledgerId}-${experimentId}.${what}`),
    madeOf: JSON.stringify([what, build, ledgerId, experimentId, headsSha]),
    key,
  };
}

function bytesIn(folder: string): number {
  const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  const sizes = names.map(
    (name) => statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
