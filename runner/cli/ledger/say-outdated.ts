import { formatCount } from "../../../reports/text/number-text.ts";
import { toPlainLine } from "../../../reports/text/plain-text.ts";
import { nameOf } from "../../tracker/windows/manual-window.ts";
import type { OutdatedCompletion } from "../../tracker/windows/outdated-completions.ts";

/** Says that a window counts other tokens than its source has now. */
export function sayOutdated({ key, source, counted, known }: OutdatedCompletion): string {
  const now = source === null ? "no source has any" : `${source} has ${formatCount(known)}`;
  const counts = `it counts ${formatCount(counted)} tokens`;
  return toPlainLine(`Complete ${nameOf(key)} again: ${counts}, and ${now} now.`);
}
