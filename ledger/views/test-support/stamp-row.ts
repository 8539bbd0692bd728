import type { NewRow, Row } from "../../domain/row.ts";

/** A row's place in its file, and its id. */
interface Place {
  readonly seq: number;
  readonly id: string;
}

/** A row as a store hands it back, its fields in the order in which a store writes them, without a store. */
export function stampRow(row: NewRow, { seq, id }: Place): Row {
  const recorded_at = `2026-01-01T00:00:00.${String(seq % 1000).padStart(3, "0")}Z`;
  const { record, ...payload } = row;
  return {
    _v: 1,
    seq,
    prev: "p".repeat(43),
    id,
    record,
    schema_version: "1.0",
    tool_version: "0.1.0",
    source: "automation",
    agent_id: "agent",
    recorded_at,
    ...payload,
    h: "h".repeat(43),
  };
}
