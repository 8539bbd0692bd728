import { existsSync, readFileSync, statSync } from "node:fs";

import { startWriter } from "../../ledger/store/test-support/start-writer.ts";
import type { ExperimentWorld } from "./world.ts";

const LEDGER = ".experiment/ledger";
const FILE = "windows.jsonl";
const TRIES_MAX = 400;
/** The number of looks at the file's size before the writer is killed in any case. */
const LOOKS_MAX = 200_000;
const ROW_BYTES = 1_000_000;
const SEGMENT_BYTES_MAX = 1_000_000_000;

/** Kills writers of large rows, each the moment that its file grows, until one leaves a torn row; tells its bytes. */
export async function tearByKill(world: ExperimentWorld): Promise<string> {
  const folder = world.file(LEDGER);
  const file = world.file(`${LEDGER}/${FILE}`);
  for (let seed = 1; seed <= TRIES_MAX; seed += 1) {
    const writer = startWriter({
      folder,
      name: `writer-${seed}`,
      task: "rows",
      seed,
      batches: 100,
      bytesMin: ROW_BYTES,
      bytesMax: ROW_BYTES,
      segmentBytesMax: SEGMENT_BYTES_MAX,
    });
    await writer.ready;
    watchGrowth(file);
    writer.process.kill("SIGKILL");
    await writer.ended;
    const bytes = readFileSync(file);
    const torn = bytes.subarray(bytes.lastIndexOf("\n") + 1).toString();
    if (torn !== "") return torn;
  }
  throw new Error(`None of ${TRIES_MAX} kills tore a row.`);
}

/** Returns as soon as a file grows: while its writer is in the middle of a write. */
function watchGrowth(file: string): void {
  const sizeNow = (): number => (existsSync(file) ? statSync(file).size : 0);
  const before = sizeNow();
  for (let look = 0; look < LOOKS_MAX && sizeNow() === before; look += 1);
}
