import type { Row } from "../domain/row.ts";
import { damageAt } from "../store/checkpoints.ts";
import type { LedgerFolder } from "../store/file-system.ts";
import type { Finding } from "./finding.ts";
import type { Anchor } from "./parse-anchor.ts";

/** What contradicts a checkpoint that was kept elsewhere. A chain alone can't show that all of it was rewritten. */
export function checkAnchor(
  place: LedgerFolder,
  ledger: { readonly ledgerId: string; readonly checkpoints: readonly Row[] },
  anchor: Anchor,
): readonly Finding[] {
  if (anchor.ledger_id !== ledger.ledgerId) {
    return [
      mismatch(`the anchor is of the ledger ${anchor.ledger_id}, and this is ${ledger.ledgerId}`),
    ];
  }
  const findings: Finding[] = [];
  if (!ledger.checkpoints.some(({ h }) => h === anchor.h)) {
    findings.push(
      mismatch(
        `checkpoints.jsonl has no row ${anchor.seq} with hash ${anchor.h}: it was cut or rewritten`,
      ),
    );
  }
  for (const head of anchor.heads) {
    const damage = damageAt(place, head);
    if (damage === undefined) continue;
    const { file, segment, offset, what } = damage;
    findings.push({ ...mismatch(what), file, segment, offset });
  }
  return findings;
}

function mismatch(message: string): Finding {
  return { kind: "anchor-mismatch", severity: "damage", message };
}
