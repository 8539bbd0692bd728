import { type Timestamp, timestampOf } from "../../domain/timestamp.ts";
import { readTimestamp } from "../read-timestamp.ts";
import { isFields } from "../tokens/counters.ts";

type Fields = Readonly<Record<string, unknown>>;
/** The plain values of a list of attributes; lists and maps are left out. */
export type Attributes = ReadonlyMap<string, string | number | boolean>;

/** A log record: one event. */
export interface OtlpEvent {
  readonly name: string;
  readonly attributes: Attributes;
  /** null if the record has no time. */
  readonly at: Timestamp | null;
}

type Temporality = "cumulative" | "delta";

/** A data point of a sum. */
export interface OtlpPoint {
  readonly metric: string;
  readonly attributes: Attributes;
  /** `cumulative`: the count since its start; `delta`: its growth since the point before; null if it does not say. */
  readonly temporality: Temporality | null;
  /** Nanoseconds since the Unix epoch, as digits. */
  readonly start: string;
  readonly time: string;
  readonly at: Timestamp | null;
  /** NaN if it is not a number. */
  readonly value: number;
}

interface OtlpExport {
  readonly events: readonly OtlpEvent[];
  readonly points: readonly OtlpPoint[];
}

/** Reads a request of OTLP in its JSON form; undefined for any other value. */
export function readExport(value: unknown): OtlpExport | undefined {
  if (!isFields(value) || KINDS.every((kind) => value[kind] === undefined)) return undefined;
  const records = within([value], "resourceLogs", "scopeLogs", "logRecords");
  const metrics = within([value], "resourceMetrics", "scopeMetrics", "metrics");
  return { events: records.map(eventOf), points: metrics.flatMap(pointsOf) };
}

const KINDS = ["resourceLogs", "resourceMetrics", "resourceSpans"] as const;

function eventOf(record: Fields): OtlpEvent {
  const attributes = attributesOf(record);
  const { body } = record;
  const text = isFields(body) ? body["stringValue"] : undefined;
  const name = attributes.get("event.name") ?? record["eventName"] ?? text;
  const said = attributes.get("event.timestamp");
  const at =
    readTimestamp(typeof said === "string" ? said : undefined) ??
    momentOf(digitsOf(record["timeUnixNano"])) ??
    momentOf(digitsOf(record["observedTimeUnixNano"])) ??
    null;
  return { name: typeof name === "string" ? name : "", attributes, at };
}

function pointsOf(metric: Fields): readonly OtlpPoint[] {
  const { name, sum } = metric;
  if (typeof name !== "string" || !isFields(sum)) return [];
  const temporality = TEMPORALITIES.get(sum["aggregationTemporality"]) ?? null;
  return listOf(sum["dataPoints"]).map((point) => {
    const [start, time] = [digitsOf(point["startTimeUnixNano"]), digitsOf(point["timeUnixNano"])];
    const attributes = attributesOf(point);
    const value = Number(point["asDouble"] ?? point["asInt"]);
    const at = momentOf(time) ?? null;
    return { metric: name, attributes, temporality, start, time, at, value };
  });
}

/** Encoders write the number of an enumeration or its name. */
const TEMPORALITIES: ReadonlyMap<unknown, Temporality> = new Map<unknown, Temporality>([
  [1, "delta"],
  ["AGGREGATION_TEMPORALITY_DELTA", "delta"],
  [2, "cumulative"],
  ["AGGREGATION_TEMPORALITY_CUMULATIVE", "cumulative"],
]);

function attributesOf(holder: Fields): Attributes {
  const attributes = new Map<string, string | number | boolean>();
  for (const { key, value } of listOf(holder["attributes"])) {
    const plain = isFields(value) ? plainValue(value) : undefined;
    if (typeof key === "string" && plain !== undefined) attributes.set(key, plain);
  }
  return attributes;
}

function plainValue({ stringValue, intValue, doubleValue, boolValue }: Fields) {
  const plain = stringValue ?? intValue ?? doubleValue ?? boolValue;
  return typeof plain === "string" || typeof plain === "number" || typeof plain === "boolean"
    ? plain
    : undefined;
}

/** The objects in the lists of lists under these names. */
function within(from: readonly Fields[], ...names: readonly string[]): readonly Fields[] {
  let found = from;
  for (const name of names) found = found.flatMap((fields) => listOf(fields[name]));
  return found;
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** JSON has 64-bit numbers as text, or as numbers by encoders that break the rule. */
function digitsOf(value: unknown): string {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^\d{1,20}$/u.test(text) ? text : "0";
}

const NANOSECONDS_A_MS = 1_000_000n;
/** The last moment that has a date, 8.64e15 ms, is far away: larger numbers are not moments. */
const MS_MAX = 253_402_300_799_999n;

function momentOf(nanoseconds: string): Timestamp | undefined {
  const ms = BigInt(nanoseconds) / NANOSECONDS_A_MS;
  return ms === 0n || ms > MS_MAX ? undefined : timestampOf(Number(ms));
}
