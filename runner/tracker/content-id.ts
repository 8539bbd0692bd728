import { canonicalSha256 } from "../../ledger/domain/canonical-json.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";

const ID_CHARS = 32;
const GENERATIONS_MAX = 1000;

/** An id made from the content of a row, so that the same row is recognised. */
export function contentId(content: unknown): string {
  return canonicalSha256(content).slice(0, ID_CHARS);
}

/** The id of a row that may be written again after it was undone or corrected. */
export function livingId(
  view: ExperimentView,
  content: unknown,
): { readonly id: string; readonly isThere: boolean } {
  for (let generation = 0; generation < GENERATIONS_MAX; generation += 1) {
    const id = contentId({ content, generation });
    if (view.findRow(id) === undefined) return { id, isThere: false };
    if (view.isAlive(id)) return { id, isThere: true };
  }
  throw new Error(`The same row was undone ${GENERATIONS_MAX} times.`);
}
