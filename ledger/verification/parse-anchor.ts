import { z } from "zod";

import { CheckpointMade } from "../domain/checkpoint-made.ts";
import { UsageError } from "../domain/errors.ts";
import { parseJson } from "../domain/parse-json.ts";
import { Row } from "../domain/row.ts";
import { sealLine } from "../store/row-line.ts";

/** A checkpoint row that was kept outside the ledger. */
export const Anchor = z.intersection(Row, CheckpointMade);
export type Anchor = z.infer<typeof Anchor>;

class AnchorError extends UsageError {}

const ANCHOR_BYTES_MAX = 1_048_576;

/**
 * Reads an anchor file: the last line of it, as "ledger checkpoint" printed it. Its hash shows whether it
 * is still what was printed.
 */
export function parseAnchor(path: string, text: string): Anchor {
  const lines =
    text.length > ANCHOR_BYTES_MAX ? [] : text.split("\n").filter((line) => line.trim() !== "");
  const anchor = Anchor.safeParse(parseJson(lines.at(-1) ?? ""));
  if (anchor.success && isSealed(anchor.data)) return anchor.data;
  throw new AnchorError(
    `${path}: expected a checkpoint row as "experiment ledger checkpoint --json" prints it, got ${JSON.stringify(text.slice(0, 60))}. ` +
      `Give the file in which that line was kept unchanged.`,
  );
}

/** Parsed JSON keeps the order of its keys, so it serialises to the line that was hashed. */
function isSealed({ h, ...unsealed }: Anchor): boolean {
  return sealLine(JSON.stringify(unsealed).slice(0, -1)).h === h;
}
