import type { NamedLedger } from "../evidence/named-ledger.ts";

/** Two lines for a terminal; none for rows that no ledger keeps. */
export function ledgerLines(ledger: NamedLedger | null): readonly string[] {
  return ledger === null ? [] : [`Ledger: ${ledger.id}`, `Heads SHA-256: ${ledger.heads_sha256}`];
}
