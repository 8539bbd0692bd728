import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { STORE_LIMITS } from "../../../ledger/store/ledger-context.ts";
import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import { flipBit } from "../../../ledger/store/test-support/flip-bit.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";
import { locateDataFolder } from "./data-folder.ts";
import { processEnvironment, systemClock } from "./environment.ts";
import { useLedger } from "./use-ledger.ts";

const ROW_BYTES = 1_000_000;
/** A place inside the first row. */
const BIT = 800;

/** Writes more than the store checks at every opening. */
async function writeLargeLedger() {
  const environment = { ...processEnvironment(), cwd: temporaryFolder(), variables: {} };
  const folder = locateDataFolder(undefined, environment);
  const parts = { clock: systemClock, agentId: "spec", toolVersion: "0.0.0" };
  const store = await openJsonlStore({ folder: folder.ledger, ...parts });
  const row = { record: "feature_ready", feature_id: "x".repeat(ROW_BYTES) };
  const rows = Math.ceil(STORE_LIMITS.checkedBytesMax / ROW_BYTES) + 1;
  // Only a few rows may wait at once.
  for (let written = 0; written < rows; written += 1) await store.append("backlog", [row]);
  return { environment, folder, store };
}

it("refuses damage below the last checkpoint of a large ledger", async () => {
  const { environment, folder, store } = await writeLargeLedger();
  const heads = await store.heads();
  const checkpoint = { record: "checkpoint_made", ledger_id: store.ledgerId, heads };
  await store.append("checkpoints", [checkpoint]);
  await store.close();
  const file = path.join(folder.ledger, "backlog.000001.jsonl");
  writeFileSync(file, flipBit(readFileSync(file), BIT));
  await expect(useLedger(folder, environment, () => undefined)).rejects.toMatchObject({
    exitCode: 6,
  });
});
