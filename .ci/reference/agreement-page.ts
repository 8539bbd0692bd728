import { readFileSync } from "node:fs";
import path from "node:path";

import { markdownTable } from "markdown-table";
import { z } from "zod";

import type { Lane } from "../../ledger/domain/usage-ingested.ts";
import { NO_USAGE, sumUsage, type Usage } from "../../ledger/domain/usage.ts";
import { DIVERGENCE_SHARE } from "../../ledger/invariants/divergence.ts";
import { compareSources, type SourceComparison } from "../../ledger/invariants/reconcile.ts";
import { claudeResult } from "../../ledger/sources/claude-result/parse.ts";
import { claudeSession } from "../../ledger/sources/claude-session/parse.ts";
import { codexExec } from "../../ledger/sources/codex-exec/parse.ts";
import { codexRollout } from "../../ledger/sources/codex-rollout/parse.ts";
import { otlp } from "../../ledger/sources/otlp/parse.ts";
import {
  type RecordedTelemetry,
  recordedTelemetry,
} from "../../ledger/sources/otlp/test-support/recorded-telemetry.ts";
import type { UsageReading, UsageSource } from "../../ledger/sources/usage-source.ts";
import { formatPercent } from "../../reports/text/number-text.ts";
import { TelemetryTally } from "../../runner/otlp/telemetry-tally.ts";
import { packageFolder } from "../../runner/package-folder.ts";

const Totals = z.record(z.string(), z.number());
const Runs = z.record(
  z.string(),
  z.object({
    files: z.record(z.string(), z.array(z.unknown())),
    totals: Totals,
    lanes: z.record(z.string(), Totals),
  }),
);
const Recorded = z.object({ sessions: Runs, results: Runs, exec: Runs });
type Run = z.infer<typeof Runs>[string];

/** The clients that were recorded, by the first word of a run's name. */
const CLIENTS: Readonly<Record<string, string>> = {
  claude: "Claude Code 2.1.329",
  codex: "Codex 0.169.0",
};

const HEAD = ["client", "run", "source", "model server", "source says", "difference", "compared"];

/** How the sources of real runs agree with the model server, which sent every token. */
export function agreementPage(): string {
  const file = path.join(packageFolder(), "ledger/sources/test-support/recorded-usage.json");
  const { sessions, results, exec } = Recorded.parse(JSON.parse(readFileSync(file, "utf8")));
  const rows = Object.entries(sessions).flatMap(([name, session]) => {
    const log = name.startsWith("claude") ? claudeSession : codexRollout;
    const [result, said] =
      log === claudeSession ? [results[name], claudeResult] : [exec[name], codexExec];
    return [
      rowOf(name, session, { source: log, run: session }),
      ...(result === undefined ? [] : [rowOf(name, session, { source: said, run: result })]),
    ];
  });
  rows.push(...recordedTelemetry().map(telemetryRow));
  return `<!-- "npm run reference" writes this page from recorded runs. -->

# How the sources agree

Real clients worked on a task against a scripted model server, which knew every token that it sent. This page compares what
each source says with the server's count: all tokens of all classes, in what the source covers. If a source leaves
sub-agents out, only the main agent's tokens are compared. Rows of \`otlp\` name what was sent: requests, counters or both.

${markdownTable([HEAD, ...rows])}

\`experiment reconcile\` makes the same comparison for your own windows.
`;
}

function telemetryRow({ name, lines, totals }: RecordedTelemetry): readonly string[] {
  const tally = new TelemetryTally();
  for (const line of lines) tally.take(line);
  const said = {
    reference: { source: "proxy", lanes: new Map([["all", usageOf(totals)]] as const) },
    source: { source: otlp.name, lanes: new Map([["all", tally.read() ?? NO_USAGE]] as const) },
  };
  const compared = compareSources(said, DIVERGENCE_SHARE);
  return cellsOf(name, otlp.name, compared);
}

function rowOf(
  name: string,
  { totals, lanes }: Run,
  { source, run }: { readonly source: UsageSource; readonly run: Run },
): readonly string[] {
  // A run without lanes has no sub-agents.
  const truth: ReadonlyMap<Lane, Usage> =
    lanes["main"] === undefined
      ? new Map([["main", usageOf(totals)]])
      : new Map([
          ["main", usageOf(lanes["main"])],
          ...(lanes["sub"] === undefined ? [] : [["subagent", usageOf(lanes["sub"])] as const]),
        ]);
  const said = { source: source.name, lanes: lanesOf(source, run) };
  const reference = { source: "proxy", lanes: truth };
  const compared = compareSources({ reference, source: said }, DIVERGENCE_SHARE);
  return cellsOf(name, source.name, compared);
}

function cellsOf(name: string, source: string, compared: SourceComparison): readonly string[] {
  const { difference } = compared;
  return [
    CLIENTS[name.split("-", 1)[0] ?? ""] ?? "",
    name.replace(/^[a-z]+-/u, ""),
    source,
    String(compared.reference),
    String(compared.source),
    difference === 0 ? "none" : formatPercent(difference),
    compared.lane === "main" ? "main agent" : "all",
  ];
}

function usageOf({ input, requests = 0, ...classes }: z.infer<typeof Totals>): Usage {
  return { ...(input === undefined ? {} : { input_uncached: input }), ...classes, requests };
}

/** What a source says, each event once with its largest output, and of each count the last. */
function lanesOf(source: UsageSource, { files }: Run): ReadonlyMap<Lane, Usage> {
  const counted = new Map<string, { readonly lane: Lane; readonly usage: Usage }>();
  for (const reading of Object.entries(files).flatMap(([file, lines]) =>
    read(source, file, lines),
  )) {
    if (reading.kind === "total") {
      counted.set(reading.key, { lane: reading.event.lane, usage: reading.total });
    } else if (reading.kind === "event") {
      const { id, lane, usage } = reading.event;
      if ((usage.output ?? 0) > (counted.get(id)?.usage.output ?? -1))
        counted.set(id, { lane, usage });
    }
  }
  const byLane = Map.groupBy(counted.values(), ({ lane }) => lane);
  return new Map([...byLane].map(([lane, all]) => [lane, sumUsage(all.map(({ usage }) => usage))]));
}

function read(
  source: UsageSource,
  file: string,
  lines: readonly unknown[],
): readonly UsageReading[] {
  const reader = source.open({
    file,
    readAt: "2026-11-21T06:00:00.000Z",
    provider: "any",
    timeZone: "UTC",
  });
  const texts = lines.map((line) => JSON.stringify(line));
  return [...texts.flatMap((text, index) => reader.line(text, index + 1)), ...reader.end()];
}
