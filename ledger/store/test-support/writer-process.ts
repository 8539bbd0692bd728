import { writeSync } from "node:fs";
import { argv, hrtime } from "node:process";

import { CounterbalanceError } from "../../domain/errors.ts";
import { EXIT } from "../../domain/exit-codes.ts";
import type { LedgerFile } from "../../domain/ledger-file.ts";
import type { NewRow } from "../../domain/row.ts";
import { openJsonlStore } from "../open-jsonl-store.ts";
import { readStoreAddress } from "../postgres/store-address.ts";
import type { AppendOptions, LedgerReader, Position } from "../store.ts";
import { drawFrom } from "./draw.ts";
import { manualClock } from "./manual-clock.ts";
import type { WriterOrders } from "./writer-orders.ts";

// A process that writes to a ledger until it has done its orders or is killed. It prints what its
// callers know: when a row was appended, and when it was acknowledged.

const SMALLEST_TEXT = 200;

class SecondBeforeError extends CounterbalanceError {
  readonly exitCode = EXIT.refused;
}

const orders: WriterOrders = JSON.parse(argv[2] ?? "{}");
const draw = drawFrom(orders.seed);
const store = await open(orders);
/** The phases of windows that have been taken, as far as the file was read. */
const taken = new Set<string>();
let position: Position | undefined;

const READY_FD = 3;
for (let batch = 0; batch < orders.batches; batch += 1) {
  if (batch === (orders.readyAfter ?? 0)) writeSync(READY_FD, "ready\n");
  if (orders.task !== "befores") await writeRows(batch);
  if (orders.task !== "rows") await writePhases(batch);
}
await store.close();

async function open({ folder, name, store: url, segmentBytesMax }: WriterOrders) {
  const options = { folder, clock: manualClock(), agentId: name, toolVersion: "0.0.0" };
  if (url === undefined) return await openJsonlStore({ ...options, limits: { segmentBytesMax } });
  const address = readStoreAddress(url, "orders");
  const { openPostgresStore } = await import("../postgres/postgres-store.ts");
  return await openPostgresStore({ ...options, address, segmentBytesMax });
}

async function writeRows(batch: number): Promise<void> {
  const rows = Array.from({ length: draw.between(1, 4) }, (_, index) => ({
    record: "told",
    id: `${orders.name}-${batch}-${index}`,
    text: "x".repeat(textBytes()),
  }));
  await Promise.all(rows.map((row) => append("windows", row)));
}

function textBytes(): number {
  const { bytesMin = SMALLEST_TEXT, bytesMax } = orders;
  const most = draw.oneOf([bytesMin, 20_000, bytesMax]);
  return draw.between(bytesMin, Math.max(bytesMin, Math.min(most, bytesMax)));
}

/** Tries to be the first for a window, as every other process does: with its before, and with its after. */
async function writePhases(window: number): Promise<void> {
  for (const phase of ["before", "after"]) {
    const id = `${orders.name}-${window}-${phase}`;
    const row = { record: "snapshot_taken", id, window, phase };
    try {
      await append("snapshots", row, { unless: isTaken(`${window} ${phase}`) });
    } catch (error) {
      if (!(error instanceof SecondBeforeError)) throw error;
    }
  }
}

async function append(
  file: LedgerFile,
  row: NewRow & { readonly id: string },
  options?: AppendOptions,
): Promise<void> {
  say("try", row.id);
  await store.append(file, [row], options);
  say("ack", row.id);
}

function say(what: "try" | "ack", id: string): void {
  writeSync(1, `${what} ${id} ${hrtime.bigint() / 1_000n}\n`);
}

function isTaken(key: string) {
  return (ledger: LedgerReader): CounterbalanceError | undefined => {
    const since = ledger.readFrom("snapshots", position);
    for (const row of since.rows) taken.add(`${String(row["window"])} ${String(row["phase"])}`);
    position = since.end;
    return taken.has(key) ? new SecondBeforeError(`${key}: there is one already.`) : undefined;
  };
}
