import { CheckpointMade } from "../../../ledger/domain/checkpoint-made.ts";
import type { Row } from "../../../ledger/domain/row.ts";
import { makeCheckpoint } from "../../../ledger/verification/make-checkpoint.ts";
import { plainTable } from "../../../reports/text/plain-table.ts";
import { columnsOf } from "../columns.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { checkpoint as definition } from "../definitions/ledger-commands.ts";
import { findLedger, useLedger } from "../open-ledger.ts";
import { refuseDamage } from "../refuse-damage.ts";
import { done } from "../result.ts";

/** Records where every file ends, and prints it, so that you can keep it away from the ledger. */
export const ledgerCheckpoint: CodeOf<typeof definition> = async (options, environment) => {
  const folder = findLedger(options, environment);
  return await useLedger(folder, environment, async (store) => {
    refuseDamage(folder.ledger, "make a checkpoint of");
    const checkpoint = await makeCheckpoint(store);
    return done(
      options.json === true ? JSON.stringify(checkpoint) : show(checkpoint, columnsOf(environment)),
    );
  });
};

const HASH = "HASH OF THE LAST ROW";

function show(row: Row, columns?: number): string {
  const { ledger_id: ledgerId, heads, heads_sha256: sha256 = "" } = CheckpointMade.parse(row);
  const lines = heads.map(({ file, segment, seq, h, bytes }) => [
    file,
    String(segment),
    String(seq),
    String(bytes),
    h,
  ]);
  return [
    `Checkpoint ${String(row.seq)} of ledger ${ledgerId}: ${row.h}`,
    `Heads SHA-256: ${sha256}`,
    "",
    plainTable([["FILE", "SEGMENT", "ROWS", "BYTES", HASH], ...lines], { columns, wrap: HASH }),
    "",
    "Keep one elsewhere: experiment ledger checkpoint --json > anchor.json",
    "Check against it:   experiment ledger verify --anchor anchor.json",
  ].join("\n");
}
