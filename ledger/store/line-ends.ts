/** What git does with core.autocrlf, and some editors do when they save. */
export const CR_LF = "CR LF in place of LF: git or another program has changed the line ends";

const TAKE = "perl -pi -e 's/\\r$//'";

/** No row and no header has a CR of its own. */
export const TAKE_BACK = `In the ledger's folder, this restores every byte: ${TAKE} ledger.json *.jsonl`;

/** A file has its hash again without the CRs. */
export function sayChangedEnds(name: string): string {
  return `the lines of the file end in ${CR_LF}. Every byte is restored by "${TAKE} ${name}" in the data folder`;
}
