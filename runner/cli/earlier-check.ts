import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";

import type { CheckedBytes, EarlierCheck } from "../../ledger/store/checked-bytes.ts";
import type { Environment } from "../environment.ts";
import { toolVersion } from "../package-folder.ts";
import { cacheFolder, keep, readKept } from "./kept-file.ts";

/** A smaller ledger is checked and folded in less time than a person notices. */
const CACHED_BYTES_MIN = 32 * 2 ** 20;

/** The user's cache for a ledger; undefined without a home, or if the ledger is small. */
export function cacheFor(ledger: string, environment: Environment): string | undefined {
  const folder = cacheFolder(environment);
  return folder === undefined || bytesIn(ledger) < CACHED_BYTES_MIN ? undefined : folder;
}

/** What earlier commands have checked of a large ledger, for its opening. */
export function earlierCheck(ledger: string, environment: Environment): EarlierCheck | undefined {
  const cache = cacheFor(ledger, environment);
  if (cache === undefined) return undefined;
  const name = createHash("sha256").update(path.resolve(ledger)).digest("hex").slice(0, 16);
  const place = { file: path.join(cache, `${name}.checked`), key: toolVersion() };
  const [kept] = readKept(place) ?? [];
  // The hash in front of it says that this program wrote it.
  const before: readonly CheckedBytes[] =
    kept === undefined ? [] : JSON.parse(Buffer.from(kept).toString());
  const remember = (all: readonly CheckedBytes[]) =>
    keep(place, [Buffer.from(JSON.stringify(all))], environment.clock.nowMs());
  return { before, remember };
}

function bytesIn(folder: string): number {
  const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  const sizes = names.map(
    (name) => statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
