import { CheckpointMade } from "../../../../ledger/domain/checkpoint-made.ts";
import type { NewRow, Row } from "../../../../ledger/domain/row.ts";
import { checkpointRow } from "../../../../ledger/store/checkpoints.ts";
import { makeCheckpoint } from "../../../../ledger/verification/make-checkpoint.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { findLedger, sayNotRecorded } from "../../../experiment/session/recorded-experiment.ts";
import { readLedger } from "../../../platform/environment/use-ledger.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { refuseDamage } from "../../ledger/refuse-damage.ts";
import { done } from "../../result.ts";
import type { checkpoint as definition } from "./definition.ts";

/** Records where every file ends, and prints it, so that you can keep it away from the ledger. */
export const ledgerCheckpoint: CodeOf<typeof definition> = async (options, environment) => {
  const folder = findLedger(options, environment);
  return await readLedger(folder, environment, async (store) => {
    refuseDamage(folder.ledger, "make a checkpoint of");
    const ends =
      store.readOnly === undefined
        ? await makeCheckpoint(store)
        : checkpointRow(store.ledgerId, await store.heads());
    if (!("h" in ends))
      sayNotRecorded("this is not on record, so it can't serve as an anchor", environment);
    return done(
      options.json === true ? JSON.stringify(ends) : show(ends, columnsOf(environment)).join("\n"),
    );
  });
};

const HASH = "HASH OF THE LAST ROW";

/** @param ends - A checkpoint's row, or what it would say. */
function show(ends: NewRow | Row, columns?: number): readonly string[] {
  const { ledger_id: ledgerId, heads, heads_sha256: sha256 = "" } = CheckpointMade.parse(ends);
  const lines = heads.map(({ file, segment, seq, h, bytes }) => [
    file,
    String(segment),
    String(seq),
    String(bytes),
    h,
  ]);
  const isRow = "h" in ends;
  return [
    isRow
      ? `Checkpoint ${String(ends["seq"])} of ledger ${ledgerId}: ${String(ends.h)}`
      : `Ledger: ${ledgerId}`,
    `Heads SHA-256: ${sha256}`,
    "",
    plainTable([["FILE", "SEGMENT", "ROWS", "BYTES", HASH], ...lines], { columns, wrap: HASH }),
    ...(isRow ? HOW_TO_KEEP : []),
  ];
}

const HOW_TO_KEEP = [
  "",
  "Keep one elsewhere: experiment ledger checkpoint --json > anchor.json",
  "Check against it:   experiment ledger verify --anchor anchor.json",
];
