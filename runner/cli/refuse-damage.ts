import { LedgerDamagedError } from "../../ledger/store/store-errors.ts";
import { verifyLedger } from "../../ledger/verification/verify-ledger.ts";

/** @throws LedgerDamagedError naming the first damage. A result from a damaged ledger would hide it. */
export function refuseDamage(folder: string, purpose: string): void {
  const { findings } = verifyLedger(folder, { mode: "full" });
  const damages = findings.filter(({ severity }) => severity === "damage");
  const [first] = damages;
  if (first === undefined) return;
  const where = first.file === undefined ? "" : `${first.file}.jsonl: `;
  throw new LedgerDamagedError(
    `${folder}: expected a whole ledger to ${purpose}, got ${String(damages.length)} damaged place(s), first ` +
      `${where}${first.message}. Nothing was written. "experiment ledger verify" lists them and says what to do.`,
  );
}
