import { z } from "zod";

import { BudgetDebited, BudgetReserved } from "../domain/budget-event.ts";
import { ProxiedRequest } from "../domain/proxied-request.ts";
import type { KeptDebit, KeptRequest, KeptReservation } from "./read-fact.ts";

type Written = { readonly id: string; readonly experiment_id: string };

/** What a view keeps of a request's, a reservation's or a debit's line: the mass of a ledger. */
export type TrafficRow = Written & (KeptReservation | KeptRequest | KeptDebit);

type Place = "record" | "window" | "attempt" | "reservation";
/** What the sums of budgets keep of a reservation's or a debit's line. */
export type BudgetRow = Written & { readonly recorded_at: string } & (
    | Pick<BudgetReserved, Place | "tokens" | "usd">
    | Pick<
        BudgetDebited,
        Place | "command" | "role" | "total" | "total_usd" | "is_final" | "unit" | "minutes"
      >
  );

// In patterns: text without escapes, and numbers that are exact in 32 bits; others go by the schema.
const TEXT = String.raw`"[\x20\x21\x23-\x5b\x5d-\x7e]*"`;
const INTEGER = String.raw`(?:0|[1-9]\d{0,8})`;
const OF_TYPE: Readonly<Record<string, string>> = {
  string: TEXT,
  integer: INTEGER,
  number: String.raw`${INTEGER}(?:\.\d{1,12})?`,
  boolean: "true|false",
  null: "null",
};
const HASH = String.raw`"[\w-]{43}"`;
const UUID = '"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"';

const SEQ_FROM = '{"_v":1,"seq":'.length;
/** Characters from the comma after the number to the record: a hash and an id are between them. */
const RECORD_AFTER_SEQ = ',"prev":"'.length + 43 + '","id":"'.length + 36 + '","record":'.length;

const makeTraffic = () => [
  linePattern(
    ProxiedRequest,
    "timestamp experiment_id window attempt provider window_agent latency_ms usage cost_usd kind subagent_id " +
      "backend_provider refused_by status error is_client_gone request_count",
  ),
  linePattern(BudgetReserved, "experiment_id reservation tokens"),
  linePattern(
    BudgetDebited,
    "experiment_id window attempt provider window_agent basis reservation command delta overshoot is_final",
  ),
];

const makeBudgets = () => [
  linePattern(BudgetReserved, "recorded_at experiment_id window attempt reservation tokens usd"),
  linePattern(
    BudgetDebited,
    "recorded_at experiment_id window attempt reservation command role total total_usd is_final unit minutes",
  ),
];

/**
 * Reads a line that is written exactly as this version writes it, in a third of the time of
 * JSON.parse and the schema. Returns undefined for every other line, which the caller then parses.
 * The schema reads the same values (traffic-line.test.ts).
 */
export const readTrafficLine = lineReader<TrafficRow>(makeTraffic);

/** Reads a reservation or a debit likewise, for the sums of budgets. */
export const readBudgetLine = lineReader<BudgetRow>(makeBudgets);

// The readers differ in what their patterns keep.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
function lineReader<Kept>(makePatterns: typeof makeTraffic) {
  // Made for the first line: most commands fold nothing.
  let patterns: ReturnType<typeof makePatterns> | undefined;
  return (line: string): Kept | undefined => {
    const at = line.indexOf(",", SEQ_FROM) + RECORD_AFTER_SEQ;
    patterns ??= makePatterns();
    const { pattern, names = [] } =
      patterns.find(({ record }) => line.startsWith(record, at)) ?? {};
    const match = pattern?.exec(line);
    if (match === undefined || match === null) return undefined;
    // A loop: a pair for each of the fields would be most of the garbage of a fold.
    const fields: Record<string, unknown> = {};
    let group = 0;
    for (const name of names) {
      const json = match[(group += 1)];
      if (json !== undefined) fields[name] = valueOf(json);
    }
    // The pattern has checked the fields.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return fields as Kept;
  };
}

const QUOTE = 0x22;
const DIGIT_9 = 0x39;

function valueOf(json: string): unknown {
  const first = json.charCodeAt(0);
  if (first <= DIGIT_9 && first !== QUOTE) return Number(json);
  // V8 would keep a whole line alive for a long text that was cut out of it, so this is a copy.
  return first === QUOTE && json.length < 13 ? json.slice(1, -1) : JSON.parse(json);
}

type JsonSchema = z.core.JSONSchema._JSONSchema;

/** The lines of a record, its fields in the order of its schema. The kept fields are groups. */
function linePattern(schema: z.ZodObject, keptNames: string) {
  const kept = keptNames.split(" ");
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  const { record = true, ...fields } = properties;
  const name = valuePattern(record);
  const isTimeKept = kept.includes("recorded_at");
  const envelope =
    String.raw`^\{"_v":1,"seq":\d+,"prev":${HASH},"id":(${UUID}),"record":(${name})` +
    String.raw`,"schema_version":"1\.\d+"(?:,"(?:tool_version|source|agent_id)":${TEXT}){3}` +
    `,"recorded_at":(${isTimeKept ? "" : "?:"}${TEXT})`;
  const values = fieldsPattern(fields, required, kept);
  const keptFields = Object.keys(fields).filter((field) => kept.includes(field));
  const names = ["id", "record", ...(isTimeKept ? ["recorded_at"] : []), ...keptFields];
  return {
    record: name,
    names,
    pattern: new RegExp(String.raw`${envelope}${values},"h":${HASH}\}$`),
  };
}

function fieldsPattern(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
  kept: readonly string[] = [],
): string {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const group = kept.includes(name) ? "" : "?:";
    const field = String.raw`(?:(?<=\{)|,)"${name}":(${group}${valuePattern(schema)})`;
    return required.includes(name) ? field : `(?:${field})?`;
  });
  return fields.join("");
}

/** The JSON of a value that keeps a schema. */
function valuePattern(schema: JsonSchema): string {
  if (typeof schema === "boolean") throw new TypeError("A field of traffic has no type.");
  const { type, anyOf, enum: only, const: single, pattern, properties, required } = schema;
  if (anyOf !== undefined) return anyOf.map(valuePattern).join("|");
  if (Array.isArray(type)) return type.map((each) => valuePattern({ type: each })).join("|");
  if (single !== undefined) return JSON.stringify(single);
  if (only !== undefined) return only.map((value) => JSON.stringify(value)).join("|");
  if (pattern !== undefined) return `"(?:${pattern.replaceAll(/^\^|\$$/gu, "")})"`;
  if (properties !== undefined) return String.raw`\{${fieldsPattern(properties, required ?? [])}\}`;
  return typePattern(schema);
}

function typePattern({ type, exclusiveMinimum }: Exclude<JsonSchema, boolean>): string {
  if (exclusiveMinimum === 0) return String.raw`[1-9]\d{0,8}`;
  return OF_TYPE[String(type)] ?? "";
}
