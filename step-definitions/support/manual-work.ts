import type { DataTable } from "@cucumber/cucumber";
import { execa } from "execa";

import { AnomalyRecorded } from "../../ledger/domain/anomaly.ts";
import type { Row } from "../../ledger/domain/row.ts";
import { timestampOf } from "../../ledger/domain/timestamp.ts";
import type { MeterFigures, SnapshotPair } from "../../reports/report/manual-data.ts";
import type { ReportData } from "../../reports/report/report-data.ts";
import { systemClock } from "../../runner/platform/environment/environment.ts";
import { type CommandEnd, startCommand } from "./command-run.ts";
import { COMMAND } from "./run-process.ts";
import { HANG_MS } from "./wait-until.ts";
import type { ExperimentWorld } from "./world.ts";

const DAY = "2025-10-19";
const HOUR_MS = 3_600_000;
const LABELS: Readonly<Record<string, string>> = { "5h": "5h", weekly: "Weekly" };

/** A pane of Codex with these meters; what a row leaves empty, the pane does not show. */
export function codexPane(meters: DataTable): string {
  const lines = meters.hashes().map(({ METER = "", SHOWN = "", RESETS = "" }) => {
    const reset = RESETS === "" ? "" : ` (resets ${RESETS})`;
    return `│  ${LABELS[METER] ?? METER} limit:  [████░░░░] ${SHOWN}${reset}  │`;
  });
  return [">_ OpenAI Codex (v0.44.0)", ...lines].join("\n");
}

/** `10:00` is a time of the day that all these examples play on, in UTC. */
export function momentOf(time: string): string {
  return time.includes("T") ? time : `${DAY}T${time}:00Z`;
}

/** Runs `experiment snapshot` with a pane on stdin. */
export async function takeSnapshot(
  world: ExperimentWorld,
  words: readonly string[],
  pane: string,
): Promise<void> {
  const zone = words.includes("--time-zone") ? [] : ["--time-zone", "UTC"];
  await world.run(["experiment snapshot", ...words, ...zone].join(" "), pane);
}

/** A pane of one meter, for examples to which its figures make no difference. */
export const SMALL_PANE = "5h limit: [█] 1% used (resets 13:01)";

/** A pane of the same period as that of a vendor whose headers name a reset in an hour. */
export function paneResettingInAnHour(used: number): string {
  const reset = timestampOf(systemClock.nowMs() + HOUR_MS).slice(11, 16);
  return `5h limit: [█] ${String(used)}% used (resets ${reset})`;
}

/** Several processes of one agent that take the same reading, each with a pane of its own. */
export async function snapshotsAtOnce(
  world: ExperimentWorld,
  processes: number,
  window: string,
): Promise<readonly CommandEnd[]> {
  const { variables, folder: cwd } = world;
  const args = ["snapshot", "before", "codex", "--window", window];
  return await Promise.all(
    Array.from({ length: processes }, (_, index) => {
      const stdin = SMALL_PANE.replace("1%", `${index}%`);
      return startCommand(args, { cwd, variables, stdin }).ended;
    }),
  );
}

/** One agent's capture. */
interface AgentCapture {
  readonly agent: string;
  readonly window: string;
  readonly pane: string;
}

/** Captures in real processes at once, each with its agent in its environment. */
export async function captureInProcesses(
  world: ExperimentWorld,
  captures: readonly AgentCapture[],
): Promise<readonly CommandEnd[]> {
  return await Promise.all(
    captures.map(async ({ agent, window, pane }) => {
      const args = [COMMAND, "snapshot", "before", "codex", "--window", window];
      const { exitCode, stdout, stderr } = await execa(process.execPath, args, {
        cwd: world.folder,
        env: { ...world.variables, AGENT_ID: agent, TZ: "UTC" },
        extendEnv: false,
        reject: false,
        input: pane,
        timeout: HANG_MS,
      });
      return { exitCode: exitCode ?? -1, stdout, stderr };
    }),
  );
}

/** The preview's figures of manual windows. The last command stays the same. */
export async function previewByHand(world: ExperimentWorld): Promise<ReportData> {
  const args = ["preview", "--experiment", "manual", "--json"];
  const { variables, folder: cwd } = world;
  const { exitCode, stdout, stderr } = await startCommand(args, { cwd, variables }).ended;
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** One line for each meter of a window, to be compared with a table. */
export function meterLines(pairs: readonly SnapshotPair[]): readonly (readonly string[])[] {
  return pairs.flatMap(({ meters }) =>
    meters.map(({ meter, before, after, delta, flag }) => [
      meter,
      String(before ?? ""),
      String(after ?? ""),
      String(delta ?? "null"),
      flag ?? "",
    ]),
  );
}

export function capacityLines(meters: readonly MeterFigures[]): readonly (readonly string[])[] {
  return meters.map(({ provider, meter, n, used, efficiency }) => [
    provider,
    meter,
    String(n),
    String(used ?? "null"),
    String(efficiency.value ?? "null"),
  ]);
}

/** The anomalies on record with the phases or records of the rows that they touch. */
export function anomalyLines(world: ExperimentWorld): readonly (readonly string[])[] {
  const rows = new Map(
    [...world.rows("snapshots"), ...world.rows("windows")].map((row) => [row.id, row]),
  );
  return world.rows("anomalies").map((row) => {
    const { kind, window = "", touches } = AnomalyRecorded.parse(row);
    return [kind, window, touches.map((id) => nameRow(rows.get(id), id)).join(", ")];
  });
}

function nameRow(row: Row | undefined, id: string): string {
  const phase = row?.["phase"];
  return typeof phase === "string" ? phase : (row?.record ?? id);
}
