import type { NewRow, Row } from "../../domain/row.ts";

/** Where a row stands in its file, and its id. */
interface Place {
  readonly seq: number;
  readonly id: string;
}

/** A row as a store hands it back, without a store. */
export function stampRow(row: NewRow, { seq, id }: Place): Row {
  const time = `2026-01-01T00:00:00.${String(seq % 1000).padStart(3, "0")}Z`;
  return {
    schema_version: "1.0",
    tool_version: "0.1.0",
    source: "automation",
    agent_id: "agent",
    ...row,
    _v: 1,
    seq,
    prev: "",
    id,
    recorded_at: time,
    h: "",
  };
}
