import type { z } from "zod";

import { headsSha256 } from "../../ledger/store/heads-sha256.ts";
import type { LedgerSnapshot } from "../../ledger/store/store.ts";
import { exact, Text } from "./schema.ts";

/** The ledger that figures were made of. The same rows have the same hash, in files and in a database. */
export const NamedLedger = exact({
  id: Text,
  /** One hash over the last rows of its files. */
  heads_sha256: Text,
});
export type NamedLedger = z.infer<typeof NamedLedger>;

export function nameLedger({
  ledgerId,
  ends,
}: Pick<LedgerSnapshot, "ledgerId" | "ends">): NamedLedger {
  return { id: ledgerId, heads_sha256: headsSha256(ends) };
}
