import { toPlainLine } from "../../../reports/text/plain-text.ts";
import type { Environment } from "../../platform/environment/environment.ts";

/** Says on stderr which rows of the answer another version of the program wrote. */
export function tellOthers(others: readonly string[], environment: Environment): void {
  for (const other of others) {
    environment.stderr.write(
      `experiment: ${toPlainLine(other)}: what it means is not known here.\n`,
    );
  }
}
