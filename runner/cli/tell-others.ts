import { toPlainLine } from "../../reports/format/plain-text.ts";
import type { Environment } from "../environment.ts";

/** Says beside the answer which of the rows that it holds another version wrote. */
export function tellOthers(others: readonly string[], environment: Environment): void {
  for (const other of others) {
    environment.stderr.write(
      `experiment: ${toPlainLine(other)}: what it means is not known here.\n`,
    );
  }
}
