import assert from "node:assert/strict";

import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import type { NewRow, Row } from "../../ledger/domain/row.ts";
import { openJsonlStore } from "../../ledger/store/open-jsonl-store.ts";
import { systemClock } from "../../runner/platform/environment/environment.ts";
import { toolVersion } from "../../runner/platform/environment/package-folder.ts";
import type { ExperimentWorld } from "./world.ts";

/** Adds rows to the scenario's ledger, as a later command of an operator would. */
export async function addRow(
  world: ExperimentWorld,
  file: LedgerFile,
  ...rows: readonly NewRow[]
): Promise<void> {
  const store = await openJsonlStore({
    folder: world.file(".experiment/ledger"),
    clock: systemClock,
    agentId: "spec",
    toolVersion: toolVersion(),
  });
  try {
    await store.append(file, rows);
  } finally {
    await store.close();
  }
}

/** A row that says the same as another, but for the changes, and takes its place. */
export function correctionOf(row: Row, changes: Readonly<Record<string, unknown>>): NewRow {
  const { _v, seq, prev, h, id, recorded_at, tool_version, agent_id, source, ...said } = row;
  assert.ok([_v, seq, prev, h, recorded_at, tool_version, agent_id, source].every(Boolean));
  return { ...said, ...changes, supersedes: id };
}
