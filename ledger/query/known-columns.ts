import { z } from "zod";

import { Row } from "../domain/row.ts";
import { RECORD_SCHEMAS } from "../domain/validate-row.ts";

/** A type as DuckDB's `json_transform` expects it: a name, a list of one type, or fields. */
type Structure = string | readonly [Structure] | { readonly [field: string]: Structure };

/** A record's columns by name. */
export type Columns = Readonly<Record<string, Structure>>;

const NAMES: Readonly<Record<string, string>> = {
  string: "VARCHAR",
  integer: "BIGINT",
  number: "DOUBLE",
  boolean: "BOOLEAN",
};
/** What can hold anything. */
const ANYTHING = "JSON";

/** The columns of every row, of whatever record. */
export function envelopeColumns(): Columns {
  return { ...columnsOf(Row), h: "VARCHAR" };
}

/** The columns of every record that this version writes: those of the envelope, then its own. */
export function knownColumns(): ReadonlyMap<string, Columns> {
  const envelope = columnsOf(Row);
  return new Map(
    [...RECORD_SCHEMAS].map(([record, schema]) => [
      record,
      { ...envelope, ...columnsOf(schema), h: "VARCHAR" },
    ]),
  );
}

function columnsOf(schema: z.ZodType): Columns {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return Object.fromEntries(
    Object.entries(properties).map(([name, each]) => [name, structureOf(each)]),
  );
}

type JsonSchema = z.core.JSONSchema._JSONSchema;

function structureOf(schema: JsonSchema): Structure {
  if (typeof schema === "boolean") return ANYTHING;
  const { type, properties, items, anyOf, const: only } = schema;
  if (anyOf !== undefined) return structureOfAny(anyOf);
  if (type === "array" && items !== undefined && !Array.isArray(items)) {
    return [structureOf(items)];
  }
  const fields = Object.entries(properties ?? {}).map(([name, each]) => [name, structureOf(each)]);
  if (fields.length > 0) return Object.fromEntries(fields);
  const name = only === undefined ? type : typeof only;
  return (typeof name === "string" ? NAMES[name] : undefined) ?? ANYTHING;
}

/**
 * The type of a nullable value; undefined for a union of several types, which only its values
 * decide.
 */
function structureOfAny(schemas: readonly JsonSchema[]): Structure {
  const [first, ...others] = schemas.filter(
    (each) => typeof each === "boolean" || each.type !== "null",
  );
  return first === undefined || others.length > 0 ? ANYTHING : structureOf(first);
}
