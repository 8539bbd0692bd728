import { createHash } from "node:crypto";

import type { FileEnd } from "./store.ts";

/**
 * One hash for all rows of a ledger, whatever keeps them. Each line is `<file> <seq> <h>`, in the order of the files'
 * names. Checkpoints are left out: they only repeat where the other files end, so making one changes no figure.
 */
export function headsSha256(ends: readonly FileEnd[]): string {
  const lines = ends
    .filter(({ file }) => file !== "checkpoints")
    .map(({ file, seq, h }) => `${file} ${String(seq)} ${h}\n`);
  return createHash("sha256").update(lines.toSorted().join("")).digest("hex");
}
