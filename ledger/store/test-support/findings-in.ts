import type { Finding } from "../../verification/finding.ts";
import { verifyLedger } from "../../verification/verify-ledger.ts";

/** The findings in a ledger that may be too young for a checkpoint. */
export function findingsIn(folder: string): readonly Finding[] {
  const { findings } = verifyLedger(folder, { mode: "full" });
  return findings.filter(({ kind }) => kind !== "no-checkpoint");
}
