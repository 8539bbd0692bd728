import { readLines, textOf } from "../../../ledger/sources/read-lines.ts";
import type { ReadContext, UsageSource } from "../../../ledger/sources/usage-source.ts";
import type { IngestResult } from "./ingest-usage.ts";
import { USAGE_SOURCES } from "./sources.ts";

/** Whether nothing was understood, only because the lines are not JSON. */
export function isSilent({ understood, problems }: IngestResult): boolean {
  return understood === 0 && [...problems.keys()].every((reason) => reason === "not-json");
}

/** Marks a text that is not JSON at all. */
export const NO_JSON = Symbol("no JSON");

/** The format of a beginning that is not of a source; undefined if it may be. */
export async function otherFormat(
  source: UsageSource,
  beginning: Uint8Array,
  context: ReadContext,
): Promise<string | typeof NO_JSON | undefined> {
  const found = await recogniseFormat(beginning, context);
  if (found !== undefined) return found === source.name ? undefined : found;
  const isAlwaysJson = source.names.every((name) => name.includes(".json"));
  return isAlwaysJson && !hasJson(beginning) ? NO_JSON : undefined;
}

const FIRST_BYTES = 64 * 1024;
/** The first character may follow a byte order mark, and in UTF-16 have a zero byte before or after it. */
const LOOKS_LIKE_JSON = /^[\0\s\u00ef\u00bb\u00bf\u00fe\u00ff]*[[{]/u;

/** Whether some line looks like JSON: a warning may come before it. */
function hasJson(beginning: Uint8Array): boolean {
  const text = Buffer.from(beginning.subarray(0, FIRST_BYTES)).toString("latin1");
  return text.split("\n").some((line) => LOOKS_LIKE_JSON.test(line));
}

/** The name of the source that finds a use of a model in the beginning of a file; undefined if none does. */
async function recogniseFormat(
  beginning: Uint8Array,
  context: ReadContext,
): Promise<string | undefined> {
  for (const source of Object.values(USAGE_SOURCES)) {
    if (await isReadBy(source, beginning, context)) return source.name;
  }
  return undefined;
}

async function isReadBy(
  source: UsageSource,
  beginning: Uint8Array,
  context: ReadContext,
): Promise<boolean> {
  async function* chunks() {
    yield beginning;
  }
  const reader = source.open(context);
  const readings = [];
  for await (const lines of readLines(chunks(), source)) {
    for (const line of lines) readings.push(...reader.line(textOf(line), line.number));
  }
  readings.push(...reader.end());
  return readings.some(({ kind }) => kind !== "problem");
}
