import type { Environment } from "../../platform/environment/environment.ts";

/** Whether people watch stderr, so that lines there may be drawn anew. In CI it is kept as a log. */
export function isLiveTerminal({ stderr, variables }: Environment): boolean {
  return stderr.isTTY === true && (variables["CI"] ?? "") === "";
}
