import { open } from "node:fs/promises";
import path from "node:path";

import { usageOfClaudeCounts } from "../../../ledger/sources/tokens/claude.ts";
import { parseJson, valueAt } from "../../platform/json/json-value.ts";
import { inReader } from "../../platform/reader/in-reader.ts";
import { LeftFolder } from "../../platform/reader/left-folder.ts";
import type { Reading } from "../../platform/reader/reading.ts";
import type { OwnUsage } from "./command-file.ts";
import type { AgentReport, ReportPlace } from "./driver.ts";
import { reportOfOpenai } from "./report-of-openai.ts";

const FILE_BYTES_MAX = 16 * 1024 * 1024;
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

/** What an agent of the user's own counted itself, and how to read it. */
interface OwnReport extends ReportPlace {
  readonly usage: OwnUsage;
}

/** Reads the tokens that an agent of the user's own counted itself. Empty if it reported none. */
export const readOwnReport = inReader(import.meta.url, "report", ownReport);

async function ownReport(
  { usage, capture, home }: OwnReport,
  reading: Reading,
): Promise<AgentReport> {
  const report =
    usage.file === undefined
      ? await lastReport(capture, usage)
      : parseJson(await readReportFile(new LeftFolder(reading, home), usage.file));
  const counts = countsOf(report, usage);
  if (counts === undefined) return {};
  const cost =
    usage.cost_usd === undefined ? undefined : valueAt(report, usage.cost_usd.split("."));
  return {
    ...(usage.input_includes_cache
      ? reportOfOpenai([counts])
      : { usage: usageOfClaudeCounts(counts, 0) }),
    ...(typeof cost === "number" && cost >= 0 ? { costUsd: cost } : {}),
  };
}

/** undefined without both sides. The report does not say the number of requests. */
function countsOf(report: unknown, paths: OwnUsage) {
  const at = (field: string | undefined) =>
    field === undefined ? undefined : tokensAt(report, field);
  const [input, output, reasoning] = [at(paths.input), at(paths.output), at(paths.reasoning)];
  if (input === undefined || output === undefined) return undefined;
  const apart = paths.output_includes_reasoning ? 0 : (reasoning ?? 0);
  const cached = { read: at(paths.cache_read), written: at(paths.cache_write) };
  return { input, ...cached, output: output + apart, reasoning };
}

/** The last line of the output that is JSON with the fields of the input and of the output. */
async function lastReport(capture: string, { input, output }: OwnUsage): Promise<unknown> {
  const file = await open(capture).catch(() => undefined);
  if (file === undefined) return undefined;
  let last: unknown;
  for await (const line of file.readLines({ encoding: "utf8", end: OUTPUT_BYTES_MAX - 1 })) {
    if (!line.trimStart().startsWith("{")) continue;
    const report = parseJson(line);
    const isReport = [input, output].every((field) => tokensAt(report, field) !== undefined);
    if (isReport) last = report;
  }
  return last;
}

async function readReportFile(home: LeftFolder, written: string): Promise<string> {
  const name = path.posix.normalize(written);
  // A link on the way may lead anywhere.
  const isReached = await home.isReached(name);
  return String((isReached ? await home.read(name, FILE_BYTES_MAX) : null) ?? "");
}

function tokensAt(report: unknown, field: string): number | undefined {
  const value = valueAt(report, field.split("."));
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
