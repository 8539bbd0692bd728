/** How a sentence about agents without a sandbox begins, wherever it is shown. */
const NO_SANDBOX = "No sandbox:";

const EXPOSED = "read and change the task bank, the ledger and";

/** Said before agents run without a sandbox. */
export const AGENTS_ARE_OPEN = `${NO_SANDBOX} agents can ${EXPOSED} your keys.`;

/** Said after some of the windows ran without a sandbox. */
export function sayOpenWindows(open: number, windows: number): string {
  return `${NO_SANDBOX} in ${open} of ${windows} windows the agent could ${EXPOSED} the user's keys.`;
}
