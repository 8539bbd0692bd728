import { type Field, readValue, type Value } from "./fields.ts";
import { decode, parametersOf } from "./parameters.ts";

export interface ListQuery {
  filters: { field: string; operator: string; value: Value | Value[] }[];
  order: { field: string; direction: "ascending" | "descending" }[];
  page: number;
  limit: number;
}

export type Parsed = { ok: true; query: ListQuery } | { ok: false; problems: string[] };

const OF_ALL = ["eq", "ne"];
const OF_ORDERED = [...OF_ALL, "in", "gt", "gte", "lt", "lte"];
const OPERATORS: Record<Field["type"], string[]> = {
  text: [...OF_ALL, "in", "contains"],
  choice: [...OF_ALL, "in"],
  number: OF_ORDERED,
  day: OF_ORDERED,
  flag: OF_ALL,
};
const SINGLE = new Set(["sort", "page", "limit"]);
const LIMIT_MAX = 100;

/** What a query string asks of a list whose rows have these fields. */
export function parseListQuery(text: string, fields: Map<string, Field>): Parsed {
  const query: ListQuery = { filters: [], order: [], page: 1, limit: 20 };
  const problems = new Set<string>();
  const seen = new Set<string>();
  for (const [encodedName, encoded] of parametersOf(text)) {
    const name = decode(encodedName) ?? encodedName;
    const isKnown = takeOption(query, name, encoded, fields) ?? takeFilter(query, name, encoded, fields);
    if (!isKnown || (SINGLE.has(name) && seen.has(name))) problems.add(name);
    seen.add(name);
  }
  return problems.size > 0 ? { ok: false, problems: [...problems] } : { ok: true, query };
}

/** Whether an option has a good value; nothing if it is no option. */
function takeOption(query: ListQuery, name: string, encoded: string, fields: Map<string, Field>): boolean | undefined {
  if (name === "page") return (query.page = countOf(encoded)) >= 1;
  if (name === "limit") return (query.limit = countOf(encoded)) >= 1 && query.limit <= LIMIT_MAX;
  if (name !== "sort") return undefined;
  const parts = encoded.split(",").map((part) => decode(part));
  if (parts.includes(undefined)) return false;
  query.order = (parts as string[]).map((part) =>
    part.startsWith("-") ? { field: part.slice(1), direction: "ascending" } : { field: part, direction: "ascending" },
  );
  const names = query.order.map(({ field }) => field);
  return names.every((field) => fields.has(field)) && new Set(names).size === names.length;
}

function countOf(encoded: string): number {
  return /^\d+$/.test(encoded) ? Number(encoded) : 0;
}

function takeFilter(query: ListQuery, name: string, encoded: string, fields: Map<string, Field>): boolean {
  const [, fieldName, operator = "eq"] = /^([^[\]]*)(?:\[(\w+)\])?$/.exec(name) ?? [];
  const field = fields.get(fieldName);
  if (field === undefined || !OPERATORS[field.type].includes(operator)) return false;
  const values = (operator === "in" ? encoded.split(",") : [encoded]).map((text) => {
    const decoded = decode(text);
    return decoded === undefined ? undefined : readValue(field, decoded);
  });
  query.filters.push({ field: fieldName, operator, value: operator === "in" ? values : values[0] });
  return !values.includes(undefined);
}
