import { constants } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";

import { sum } from "simple-statistics";

import type { Usage } from "../../ledger/domain/usage.ts";
import { member, parseJson } from "../proxy/metering/json-value.ts";
import type { OwnUsage } from "./command-file.ts";
import type { AgentReport } from "./driver.ts";

const FILE_BYTES_MAX = 16 * 1024 * 1024;
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

/** The two places of an agent's own report: its captured output, and its home. */
interface ReportPlace {
  readonly capture: string;
  readonly home: string;
}

/** Reads the tokens that an agent of the user's own counted itself. Empty if it reported none. */
export async function readOwnReport(usage: OwnUsage, place: ReportPlace): Promise<AgentReport> {
  const report =
    usage.file === undefined
      ? await lastReport(place.capture, usage)
      : parseJson(await readBounded(path.join(place.home, usage.file)));
  const counted = countersOf(report, usage);
  if (counted === undefined) return {};
  const cost = usage.cost_usd === undefined ? undefined : valueAt(report, usage.cost_usd);
  return { usage: counted, ...(typeof cost === "number" && cost >= 0 ? { costUsd: cost } : {}) };
}

function countersOf(report: unknown, paths: OwnUsage): Usage | undefined {
  const read = (field: string | undefined) =>
    field === undefined ? undefined : tokensAt(report, field);
  const [input, output] = [read(paths.input), read(paths.output)];
  if (input === undefined || output === undefined) return undefined;
  const cached = {
    cache_read: read(paths.cache_read),
    cache_write_5m: read(paths.cache_write),
  };
  const reasoning = read(paths.reasoning);
  const within = paths.input_includes_cache ? sum(Object.values(cached).map(orNone)) : 0;
  const apart = paths.output_includes_reasoning ? 0 : orNone(reasoning);
  const counted = { ...cached, output: output + apart, reasoning };
  const told = Object.entries(counted).filter(([, tokens]) => tokens !== undefined);
  // The report does not say the number of requests.
  const input_uncached = Math.max(0, input - within);
  return { input_uncached, ...Object.fromEntries(told), requests: 0 };
}

function orNone(tokens: number | undefined): number {
  return tokens ?? 0;
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

/** The agent could put a link or a pipe in the place of its report. Neither is read. */
async function readBounded(name: string): Promise<string> {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  const file = await open(name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW).catch(() => undefined);
  if (file === undefined) return "";
  try {
    const status = await file.stat();
    return status.isFile() && status.size <= FILE_BYTES_MAX ? await file.readFile("utf8") : "";
  } finally {
    await file.close();
  }
}

function tokensAt(report: unknown, field: string): number | undefined {
  const value = valueAt(report, field);
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function valueAt(report: unknown, field: string): unknown {
  return field.split(".").reduce<unknown>((value, name) => member(value, name), report);
}
