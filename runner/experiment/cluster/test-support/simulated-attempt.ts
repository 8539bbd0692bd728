import type { Clock } from "../../../../ledger/domain/clock.ts";
import { LEDGER_FILES } from "../../../../ledger/domain/ledger-file.ts";
import { validateRow } from "../../../../ledger/domain/validate-row.ts";
import { createMemoryStore } from "../../../../ledger/store/test-support/memory-store.ts";
import { ExperimentFold } from "../../../../ledger/views/experiment-fold.ts";
import { finalOf } from "../../../../ledger/views/progress.ts";
import type { Configuration } from "../../../plan/config/configuration.ts";
import { recoverAttempts } from "../../session/recover-attempts.ts";
import { SessionRecorder } from "../../session/session-recorder.ts";
import { openJournal } from "../../spending/journal.ts";
import type { AttemptResult } from "../../windows/window-worker.ts";
import { rowsOfClaim } from "../handed-in-row.ts";
import type { Claim, Switchboard } from "../switchboard.ts";
import { type ClaimedAttempt, overAttempt } from "../worker-loop.ts";

interface AttemptParts {
  readonly time: Clock & { wait(ms: number, signal?: AbortSignal): Promise<void> };
  readonly configuration: Configuration;
  readonly history: Switchboard["historyOf"];
  readonly random: () => number;
  /** The most that the window may use, tokens. */
  readonly allowance: number;
  /** Told what each attempt has spent. */
  readonly spend: (claim: Claim, tokens: number) => void;
}

const WORK_MS_MAX = 20_000;
const STEPS = 4;
const CRASH_SHARE = 0.05;
/** Attempts whose provider fails, so that it rests. */
const FAILURE_SHARE = 0.03;

/** An attempt whose agent is a wait and a number. Everything around it is the product's own code. */
export async function openSimulatedAttempt(
  claim: Claim,
  parts: AttemptParts,
): Promise<ClaimedAttempt> {
  const { time, random, allowance, spend } = parts;
  const { experimentId, sessionId, planned } = claim.job;
  const { store, view, journal, known } = await openLedger(claim, parts);
  const rows = () => rowsOfClaim(store, known);
  const recovered = rows();
  const final = finalOf(view, planned.window);
  if (final !== undefined) return overAttempt({ rows: recovered, output: final }, async () => {});
  const recorder = new SessionRecorder({
    experimentId,
    sessionId,
    journal,
    view,
    clock: time,
    basis: "uncached",
    randomId: () => `${claim.id}-${String(claim.delivery)}`,
    lastExecutedOrder: claim.executedOrder - 1,
  });
  const order = await recorder.open(planned, { workspaceRoot: null });
  let spent = 0;
  return {
    opening: rows(),
    work: async (signal, began) => {
      began("working");
      const stepMs = (random() * WORK_MS_MAX) / STEPS;
      for (let step = 0; step < STEPS && !signal.aborted; step += 1) {
        const tokens = Math.floor((random() * allowance) / STEPS);
        spent += tokens;
        spend(claim, tokens);
        await time.wait(stepMs, signal);
      }
      const outcome = signal.aborted ? "interrupted" : drawOutcome(random());
      const result = resultOf(outcome, spent);
      await recorder.close(order, result, "simulated");
      return {
        rows: rows(),
        spent: { tokens: spent, usd: 0, minutes: 0 },
        output: { outcome, reason: result.reason, quality: result.quality, usage: result.usage },
      };
    },
    refuse: () => ({
      rows: recovered,
      output: REFUSED,
    }),
    late: async () => ({ rows: [], spent: { tokens: spent, usd: 0, minutes: 0 } }),
    leave: async () => {},
    discard: async () => {},
  };
}

/** The claim's own ledger, with the ends of the attempts of lost workers. */
async function openLedger(
  { job: { experimentId, planned } }: Claim,
  { time, configuration, history }: AttemptParts,
) {
  const store = createMemoryStore({
    clock: time,
    agentId: "harness",
    toolVersion: "0.0.0",
    validate: validateRow,
  });
  const known = new Set<string | undefined>();
  for (const { file, rows } of await history(experimentId, planned.window)) {
    await store.append(file, rows);
    for (const { id } of rows) known.add(id);
  }
  const view = new ExperimentFold(experimentId);
  for (const file of LEDGER_FILES) for (const row of store.read(file)) view.fold(row);
  const journal = openJournal(store, (row) => view.fold(row));
  const nowMs = time.nowMs();
  await recoverAttempts({
    view,
    journal,
    configuration,
    telemetry: [],
    nowMs,
    sweep: async () => {},
  });
  return { store, view, journal, known };
}

const REFUSED = {
  outcome: "session_budget",
  reason: "No room.",
  quality: null,
  usage: { requests: 0 },
  spentBudget: "overall",
} as const;

function drawOutcome(share: number): AttemptResult["outcome"] {
  if (share < CRASH_SHARE) return "crashed";
  return share < CRASH_SHARE + FAILURE_SHARE ? "infrastructure" : "pass";
}

function resultOf(outcome: AttemptResult["outcome"], tokens: number): AttemptResult {
  return {
    outcome,
    reason: outcome === "pass" ? null : outcome,
    usage: {
      requests: 1,
      input_uncached: tokens,
    },
    requests: {
      total: 1,
      errors: 0,
      refused: 0,
    },
    commitStart: null,
    commitEnd: null,
    churn: null,
    isolation: null,
    agentIsolation: null,
    quality: outcome === "pass" ? 1 : null,
    scenarios: [],
    timings: null,
    exitCode: 0,
    reportedUsage: null,
    anomalies: [],
    versions: {},
  };
}
