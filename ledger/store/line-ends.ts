/** What git does with core.autocrlf, and some editors do when they save. */
export const CR_LF = "CR LF in place of LF: git or another program has changed the line ends";

/** No row and no header has a CR of its own. */
export const TAKE_BACK =
  "In the ledger's folder, this restores every byte: perl -pi -e 's/\\r$//' ledger.json *.jsonl";
