import { LedgerDamagedError } from "../../../ledger/store/store-errors.ts";
import { type Verification, verifyLedger } from "../../../ledger/verification/verify-ledger.ts";

/**
 * Verifies a ledger for a purpose that damage would spoil.
 * @throws LedgerDamagedError naming the first damage. A result from a damaged ledger would hide it.
 */
export function refuseDamage(folder: string, purpose: string): Verification {
  const verification = verifyLedger(folder, { mode: "full" });
  const damages = verification.findings.filter(({ severity }) => severity === "damage");
  const [first] = damages;
  if (first === undefined) return verification;
  const where = first.file === undefined ? "" : `${first.file}.jsonl: `;
  throw new LedgerDamagedError(
    `${folder}: expected a whole ledger to ${purpose}, got ${String(damages.length)} damaged place(s), first ` +
      `${where}${first.message}. Nothing was written. "experiment ledger verify" lists them and says what to do.`,
  );
}
