import { readLines, textOf } from "../../../ledger/sources/read-lines.ts";
import type { ReadContext, UsageSource } from "../../../ledger/sources/usage-source.ts";
import { USAGE_SOURCES } from "./sources.ts";

/** The name of the source that finds a use of a model in the beginning of a file; undefined if none does. */
export async function recogniseFormat(
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
