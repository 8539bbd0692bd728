import type { Row } from "../domain/row.ts";

/** Name of the row that closes a sealed segment; readers do not hand it on. */
export const SEGMENT_END = "segment-end";

type EnvelopeField = "_v" | "seq" | "prev" | "id" | "record" | "recorded_at" | "agent_id" | "h";

/** The row in a line; undefined if the line holds no row of envelope version 1. */
export function parseRow(line: string): Row | undefined {
  try {
    const row: unknown = JSON.parse(line);
    return isRow(row) ? row : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a line begins as a row of another envelope version does. */
export function isOfOtherVersion(line: string): boolean {
  return /^\{"_v":(?!1,)/u.test(line);
}

/**
 * Whether a parsed line has the envelope of version 1. The writer checked its values before it
 * hashed them, so the types suffice here. The schema would cost twenty times as much.
 */
function isRow(value: unknown): value is Row {
  if (typeof value !== "object" || value === null || !("_v" in value) || value["_v"] !== 1) {
    return false;
  }
  const row: Partial<Record<EnvelopeField, unknown>> = value;
  return (
    typeof row.seq === "number" &&
    typeof row.prev === "string" &&
    typeof row.id === "string" &&
    typeof row.record === "string" &&
    typeof row.recorded_at === "string" &&
    typeof row.agent_id === "string" &&
    typeof row.h === "string"
  );
}
