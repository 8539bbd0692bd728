import { writeSync } from "node:fs";
import { argv } from "node:process";

import { CounterbalanceError } from "../../domain/errors.ts";
import { openJsonlStore } from "../open-jsonl-store.ts";
import type { LedgerReader, LedgerStore } from "../store.ts";
import { type Draw, drawFrom } from "./draw.ts";
import { manualClock } from "./manual-clock.ts";
import type { WriterOrders } from "./writer-orders.ts";

// A process of its own that writes to a ledger until it has done what it was told, or is killed. What it
// prints is what its callers know: the id of a row once that row was acknowledged.

class SecondBeforeError extends CounterbalanceError {
  readonly exitCode = 3;
}

const orders: WriterOrders = JSON.parse(argv[2] ?? "{}");
const store = await openJsonlStore({
  folder: orders.folder,
  clock: manualClock(),
  agentId: orders.name,
  toolVersion: "0.0.0",
  limits: { segmentBytesMax: orders.segmentBytesMax },
});
writeSync(1, "ready\n");
if (orders.task === "rows") await writeRows(store, drawFrom(orders.seed));
else await writeBefores(store);
await store.close();

async function writeRows(ledger: LedgerStore, draw: Draw): Promise<void> {
  for (let batch = 0; batch < orders.batches; batch += 1) {
    const rows = Array.from({ length: draw.between(1, 4) }, (_, index) => ({
      record: "told",
      id: `${orders.name}-${batch}-${index}`,
      text: "x".repeat(draw.below(draw.oneOf([100, 1_000, orders.bytesMax]))),
    }));
    await Promise.all(
      rows.map(async (row) => {
        await ledger.append("windows", [row]);
        writeSync(1, `${row.id}\n`);
      }),
    );
  }
}

/** Tries to be the first for every window, as every other process does. */
async function writeBefores(ledger: LedgerStore): Promise<void> {
  for (let window = 0; window < orders.batches; window += 1) {
    const row = { record: "snapshot_taken", window, phase: "before" };
    try {
      const [taken] = await ledger.append("snapshots", [row], { unless: hasBefore(window) });
      writeSync(1, `${taken?.id}\n`);
    } catch (error) {
      if (!(error instanceof SecondBeforeError)) throw error;
    }
  }
}

function hasBefore(window: number) {
  return (ledger: LedgerReader): CounterbalanceError | undefined => {
    for (const row of ledger.read("snapshots")) {
      if (row["window"] === window)
        return new SecondBeforeError(`Window ${window} has its before.`);
    }
    return undefined;
  };
}
