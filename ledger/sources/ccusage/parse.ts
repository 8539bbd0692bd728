import { parse as parseCsv } from "csv-parse/sync";
import { z } from "zod";

import { parseJson } from "../../domain/parse-json.ts";
import { epochMsOf, timestampOf } from "../../domain/timestamp.ts";
import { sumUsage, Usage } from "../../domain/usage.ts";
import { wallClock } from "../../domain/wall-clock.ts";
import {
  documentReader,
  problem,
  sayNotWhole,
  unknownUse,
  type ReadContext,
  type UsageProblem,
  type UsageReading,
  type UsageSource,
} from "../usage-source.ts";

const Tokens = z.int().nonnegative();

/** One line of a report; each version and each agent names some of these. */
const Counts = z.looseObject({
  date: z.string().optional(),
  period: z.string().optional(),
  week: z.string().optional(),
  month: z.string().optional(),
  sessionId: z.string().optional(),
  id: z.string().optional(),
  agent: z.string().optional(),
  isGap: z.boolean().optional(),
  inputTokens: Tokens.optional(),
  outputTokens: Tokens.optional(),
  cacheCreationTokens: Tokens.optional(),
  cacheReadTokens: Tokens.optional(),
  cachedInputTokens: Tokens.optional(),
  reasoningOutputTokens: Tokens.optional(),
  totalTokens: Tokens.optional(),
  metadata: z
    .looseObject({
      agents: z.array(z.string()).optional(),
      reasoningOutputTokens: Tokens.optional(),
    })
    .optional(),
  modelsUsed: z.array(z.string()).optional().catch(undefined),
  tokenCounts: z
    .looseObject({
      inputTokens: Tokens,
      outputTokens: Tokens,
      cacheCreationInputTokens: Tokens.optional(),
      cacheReadInputTokens: Tokens.optional(),
    })
    .optional(),
});
/** Version 20 sums up all agents: it names them and, with `--by-agent`, has their lines. */
const Line = Counts.extend({ agents: z.array(Counts).optional() });
type Line = z.infer<typeof Line>;
const ALL_AGENTS = "all";

const REPORTS = ["daily", "weekly", "monthly", "session", "sessions", "blocks"] as const;

/**
 * What ccusage prints, version 17 to 20: `--json`, or a table with these columns as CSV. Its totals are those
 * of a day, a week, a session or a block, so that a first reading is a baseline and later growth counts.
 */
export const ccusage: UsageSource = {
  name: "ccusage",
  version: "3",
  provider: "claude",
  names: ["*.json", "*.csv"],
  open: (context) =>
    documentReader((text) =>
      /^\uFEFF?\s*[[{]/u.test(text) ? readJson(text, context) : readCsv(text, context),
    ),
};

function readJson(text: string, context: ReadContext): readonly UsageReading[] {
  const value = parseJson(text);
  // Up to version 18 a report without lines is an empty list.
  if (Array.isArray(value) && value.length === 0) return [];
  if (value === undefined) return [problem(1, "not-json", "Expected a report of ccusage as JSON.")];
  const report = z.record(z.string(), z.unknown()).safeParse(value);
  if (!report.success) return [problem(1, "no-report", "Expected an object of JSON, got a list.")];
  const known = REPORTS.filter((name) => Array.isArray(report.data[name]));
  const { projects } = report.data;
  const byProject = z.record(z.string(), z.array(z.unknown())).safeParse(projects);
  if (known.length === 0 && !byProject.success) {
    return [problem(1, "no-report", `Expected one of ${REPORTS.join(", ")}, got none.`)];
  }
  const lists = known.flatMap((name) => {
    const lines = z.array(z.unknown()).parse(report.data[name]);
    return [[name, lines] as const];
  });
  const projectLists = Object.entries(byProject.data ?? {}).map(
    ([name, lines]) => [`project ${name}`, lines] as const,
  );
  const all = [...lists, ...projectLists];
  const readings = all.flatMap(([name, lines]) =>
    lines.length === 0
      ? emptyReport(name, context)
      : addUp(lines.flatMap((line, index) => readLine(line, { name, number: index + 1, context }))),
  );
  const agents = new Set(all.flatMap(([, lines]) => lines.flatMap((line) => agentsOf(line) ?? [])));
  return agents.size === 0 || agents.has(context.provider)
    ? readings
    : [...readings, otherAgents(context.provider, [...agents])];
}

const DAY_MS = 86_400_000;
const BLOCK_MS = 18_000_000;

/** A report without lines is read as one of the last period before it. Days are those of this machine, as in ccusage. */
function emptyReport(report: string, { provider, readAt }: ReadContext): readonly UsageReading[] {
  const readMs = epochMsOf(readAt);
  const { date: today } = wallClock(readMs);
  const month = today.slice(0, "2026-01".length);
  const last = new Map([
    ["daily", dayBefore(today)],
    ["monthly", dayBefore(`${month}-01`).slice(0, month.length)],
    ["blocks", timestampOf(readMs - BLOCK_MS)],
  ]).get(report);
  // The sign after it makes it differ from a line of the same period.
  return last === undefined ? [] : [totalOf([provider, report, `${last}~`], report, NOTHING)];
}

function dayBefore(day: string): string {
  return timestampOf(epochMsOf(`${day}T00:00:00.000Z`) - DAY_MS).slice(0, day.length);
}

const NOTHING: Usage = { requests: 0 };

/** The agents that a line counts; undefined in versions that count only one. */
function agentsOf(value: unknown): readonly string[] | undefined {
  const line = Line.safeParse(value).data;
  if (line?.agent !== ALL_AGENTS) return line?.agent === undefined ? undefined : [line.agent];
  return line.metadata?.agents ?? line.agents?.flatMap(({ agent }) => agent ?? []);
}

function otherAgents(provider: string, agents: readonly string[]): UsageProblem {
  const text = `Expected counts of ${provider}, got those of ${agents.join(", ")}. Name one of them with --provider.`;
  return problem(1, "other-agent", text);
}

const COLUMNS: Readonly<Record<string, keyof Line>> = {
  date: "date",
  week: "week",
  month: "month",
  session: "sessionId",
  sessionid: "sessionId",
  input: "inputTokens",
  inputtokens: "inputTokens",
  output: "outputTokens",
  outputtokens: "outputTokens",
  cachecreate: "cacheCreationTokens",
  cachecreation: "cacheCreationTokens",
  cachecreationtokens: "cacheCreationTokens",
  cacheread: "cacheReadTokens",
  cachereadtokens: "cacheReadTokens",
  cachedinputtokens: "cachedInputTokens",
  reasoning: "reasoningOutputTokens",
  reasoningoutputtokens: "reasoningOutputTokens",
  total: "totalTokens",
  totaltokens: "totalTokens",
};

function readCsv(text: string, context: ReadContext): readonly UsageReading[] {
  const rows = parseRows(text);
  if (rows === undefined)
    return [
      problem(1, "not-csv", "Expected JSON, or CSV with a header such as Date,Input,Output."),
    ];
  const readings = rows.flatMap((row, index) => {
    const named = Object.entries(row).flatMap(([name, value]) => {
      return value === "" ? [] : [[name, cellOf(name, value)] as const];
    });
    const place = { name: "csv", number: index + 2, context };
    return readLine(Object.fromEntries(named), place);
  });
  return addUp(readings);
}

/** A report of sessions has a line for each project of a session, in any order: their sum is the session's count. */
function addUp(readings: readonly UsageReading[]): readonly UsageReading[] {
  const totals = readings.filter((reading) => reading.kind === "total");
  const counts = [...Map.groupBy(totals, ({ key }) => key).values()].flatMap((parts) => {
    const [first] = parts;
    return first === undefined
      ? []
      : [{ ...first, total: sumUsage(parts.map(({ total }) => total)) }];
  });
  return [...counts, ...readings.filter((reading) => reading.kind !== "total")];
}

/** ccusage never prints a line with more columns than this. */
const LINE_CHARACTERS_MAX = 1024 * 1024;

function parseRows(text: string): readonly Readonly<Record<string, string>>[] | undefined {
  try {
    const rows: unknown = parseCsv(text, {
      columns: namesOf,
      bom: true,
      trim: true,
      skip_empty_lines: true,
      max_record_size: LINE_CHARACTERS_MAX,
    });
    return z.array(z.record(z.string(), z.string())).parse(rows);
  } catch {
    return undefined;
  }
}

/**
 * The members of a line, by its columns. It skips all other columns.
 * @throws Error if no column has periods: what a program prints when it fails is not a table without lines.
 */
function namesOf(header: readonly string[]): (string | false)[] {
  const names = header.map(
    (column) => COLUMNS[column.toLowerCase().replaceAll(/[^a-z]/gu, "")] ?? false,
  );
  if (!names.some((name) => name !== false && !name.endsWith("Tokens"))) {
    throw new Error("No column of periods.");
  }
  return names;
}

function cellOf(name: string, value: string): string | number {
  return name.endsWith("Tokens") ? Number(value.replaceAll(",", "")) : value;
}

interface LinePlace {
  readonly name: string;
  readonly number: number;
  readonly context: ReadContext;
}

function readLine(value: unknown, { name, number, context }: LinePlace): readonly UsageReading[] {
  const read = Line.safeParse(value);
  if (!read.success) {
    return [unknownUse(number, sayNotWhole(name, value))];
  }
  const period = periodOf(read.data);
  if (read.data.isGap === true || period?.toLowerCase() === "total") return [];
  const agents = agentsOf(read.data) ?? [context.provider];
  if (!agents.includes(context.provider)) return [];
  const line = agents.length === 1 ? read.data : ownLine(read.data, context.provider);
  if (line === undefined) {
    const text = `Expected counts of ${context.provider}, got those of ${agents.join(", ")} together. Write ccusage ${context.provider} ${name} --json`;
    return [problem(number, "several-agents", text)];
  }
  return countLine(line, period, { name, number, context });
}

function countLine(
  line: Partial<Line>,
  period: string | undefined,
  { name, number, context }: LinePlace,
): readonly UsageReading[] {
  if (period === undefined) {
    const text = `Expected a day, a week, a month, a session or a block in ${name}.`;
    return [problem(number, "no-period", text)];
  }
  const report = reportOf(name, line);
  const named = inOrder(report, period);
  if (named === undefined) {
    const text = `Expected a date in ${name}, such as 2026-01-02, got ${JSON.stringify(period)}.`;
    return [problem(number, "bad-period", text)];
  }
  const agent = context.provider === ccusage.provider ? otherAgentOf(line) : undefined;
  if (agent !== undefined) {
    const text = `Expected counts of ${context.provider}, got those of ${agent} in ${name}. Name it with --provider ${agent}.`;
    return [problem(number, "other-agent", text)];
  }
  if (COUNTS.every((count) => line[count] === undefined)) {
    return [unknownUse(number, `Expected tokens in ${name}, got none.`)];
  }
  const total = usageOf(line, context.provider);
  if (total === undefined) {
    const got = String(line.totalTokens);
    const text = `Expected totalTokens to be the sum of the classes, got ${got}.`;
    return [problem(number, "total-mismatch", text)];
  }
  // A table and a report in JSON say the same count, and versions differ in a report's name.
  return [totalOf([context.provider, report === "projects" ? name : report, named], report, total)];
}

function totalOf(names: readonly string[], report: string, total: Usage): UsageReading {
  const key = names.join(" ");
  const event = { at: null, lane: "all", model: null } as const;
  const first = report === "session" ? "baseline" : "later-counts";
  return { kind: "total", session: key, report, key, total, first, event };
}

/** A line without any of these states no tokens, which are not 0 then. */
const COUNTS = [
  "inputTokens",
  "outputTokens",
  "cacheCreationTokens",
  "cacheReadTokens",
  "cachedInputTokens",
  "reasoningOutputTokens",
  "totalTokens",
  "tokenCounts",
] as const satisfies readonly (keyof Line)[];

function ownLine({ agents = [] }: Line, provider: string): Line | undefined {
  return agents.find(({ agent }) => agent === provider);
}

/** A table as CSV names its report only by the column of its periods. */
function reportOf(name: string, { week, month, sessionId, id }: Line): string {
  if (name.startsWith("project ")) return "projects";
  if (name !== "csv") return name === "sessions" ? "session" : name;
  if (week !== undefined) return "weekly";
  if (month !== undefined) return "monthly";
  return (sessionId ?? id) === undefined ? "daily" : "session";
}

function periodOf({ date, period, week, month, sessionId, id }: Line): string | undefined {
  return [date, period, week, month, sessionId, id].find((name) => name !== undefined);
}

const AGENT_OF_MODEL = /^\[(?<agent>pi|openclaw)\] /u;

/**
 * The agent that a line gives away, if it is not Claude. Reports of one agent do not name it, but only those of Codex
 * have these two counts, even if they are 0, and some agents begin the names of their models with their own.
 */
function otherAgentOf(line: Partial<Line>): string | undefined {
  const { cachedInputTokens, reasoningOutputTokens, modelsUsed = [] } = line;
  if (cachedInputTokens !== undefined || reasoningOutputTokens !== undefined) return "codex";
  const agents = modelsUsed.map((model) => AGENT_OF_MODEL.exec(model)?.groups?.["agent"]);
  return agents.find((agent) => agent !== undefined);
}

const DATE = /^\d{4}-\d\d(?:-\d\d)?$/u;
const DATE_IN_WORDS = /^(?<name>[A-Z][a-z]{2})(?: (?<day>\d\d),)? (?<year>\d{4})$/u;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A period in a form that sorts by time; undefined if it is unknown which of two is later. */
function inOrder(report: string, period: string): string | undefined {
  // They have ids, and the id of a block is its start.
  if (report === "session" || report === "blocks" || DATE.test(period)) return period;
  const { name = "", day, year = "" } = DATE_IN_WORDS.exec(period)?.groups ?? {};
  const month = MONTHS.indexOf(name) + 1;
  if (month === 0) return undefined;
  return [year, String(month).padStart(2, "0"), ...(day === undefined ? [] : [day])].join("-");
}

/** The classes of a line; a block has them in an object of their own, and its total may leave out the cache. */
function countsOf({ tokenCounts: block, ...line }: Line) {
  if (block === undefined) return line;
  return {
    inputTokens: block.inputTokens,
    outputTokens: block.outputTokens,
    cacheCreationTokens: block.cacheCreationInputTokens,
    cacheReadTokens: block.cacheReadInputTokens,
  };
}

/**
 * The versions differ in what their classes contain, and the total shows it: up to version 19 the input of Codex
 * contains cached tokens, whichever name they have, and from version 20 on its output leaves reasoning out.
 */
function usageOf(line: Line, provider: string): Usage | undefined {
  const counts: Partial<Line> = countsOf(line);
  const { inputTokens: input = 0, outputTokens: output = 0, cachedInputTokens: inside } = counts;
  const { cacheCreationTokens: written, cacheReadTokens: apart = inside, totalTokens } = counts;
  // A session in a report of all agents has it only there.
  const { reasoningOutputTokens: reasoning = line.metadata?.reasoningOutputTokens } = counts;
  const plain = withoutAbsent({
    input_uncached: input,
    cache_read: apart,
    cache_write_5m: written,
    output,
    reasoning,
  });
  const whole = sumOf([input, output, apart, written]);
  const cached = inside ?? (provider === "codex" ? apart : undefined);
  const readings = [
    ...(cached === undefined || cached > input
      ? []
      : [
          {
            total: sumOf([input, output, written]),
            usage: { ...plain, input_uncached: input - cached, cache_read: cached },
          },
        ]),
    { total: whole, usage: plain },
    { total: sumOf([whole, reasoning]), usage: { ...plain, output: sumOf([output, reasoning]) } },
  ];
  if (totalTokens === undefined) return plain;
  return readings.find(({ total }) => total === totalTokens)?.usage;
}

function sumOf(counts: readonly (number | undefined)[]): number {
  return counts.reduce<number>((sum, count = 0) => sum + count, 0);
}

function withoutAbsent(classes: Readonly<Record<string, number | undefined>>): Usage {
  const known = Object.entries(classes).filter(([, count]) => count !== undefined);
  return Usage.parse({ ...Object.fromEntries(known), requests: 0 });
}
