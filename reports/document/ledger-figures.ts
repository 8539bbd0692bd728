import type { NamedLedger } from "../evidence/named-ledger.ts";
import type { Block } from "./document.ts";
import { METHOD } from "./method.ts";
import { figuresOf } from "./parts.ts";

/** The ledger that a document was made of; nothing for rows that no ledger keeps. */
export function ledgerFigures(ledger: NamedLedger | null): readonly Block[] {
  if (ledger === null) return [];
  return [
    figuresOf(METHOD.reproduction, [
      {
        name: "Ledger",
        value: ledger.id,
        meaning: "The id of the ledger that the report was made of.",
      },
      {
        name: "Heads SHA-256",
        value: ledger.heads_sha256,
        meaning: "One hash over the last rows of its files: the same rows give the same hash.",
      },
    ]),
  ];
}
