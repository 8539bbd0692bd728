import type { Field, Value } from "./fields.ts";

export interface ListQuery {
  filters: { field: string; operator: string; value: Value | Value[] }[];
  order: { field: string; direction: "ascending" | "descending" }[];
  page: number;
  limit: number;
}

export type Parsed = { ok: true; query: ListQuery } | { ok: false; problems: string[] };

/** What a query string asks of a list whose rows have these fields. */
export function parseListQuery(_text: string, _fields: Map<string, Field>): Parsed {
  throw new Error("not built yet");
}
