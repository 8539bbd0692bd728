import { validateRow } from "../../../../ledger/domain/validate-row.ts";
import { createMemoryStore } from "../../../../ledger/store/test-support/memory-store.ts";
import { ExperimentFold } from "../../../../ledger/views/experiment-fold.ts";
import { finalOf, tokensSpent } from "../../../../ledger/views/progress.ts";
import { systemClock } from "../../../platform/environment/environment.ts";
import { openJournal } from "../../spending/journal.ts";
import type { WindowWorker } from "../../windows/window-worker.ts";
import { runSession, type SessionEnd } from "../run-session.ts";
import { SessionRecorder } from "../session-recorder.ts";

const EXPERIMENT = "0123456789ab";
const WINDOW = "W0-01";
const PLANNED = {
  window: WINDOW,
  provider: "one",
  featureId: "feature",
  replicate: 1,
  period: 1,
  command: "/implement feature",
};
const PLAN = {
  experimentId: EXPERIMENT,
  registration: { name: "n", seed: "1", baseline: "one", scripted: true },
  sha256: "0".repeat(64),
  sets: [{ ...PLANNED, stratum: "s", block: 1, sequence: "A", windows: [PLANNED] }],
};

/** Sessions of one window over one ledger. */
export function openSessionLab() {
  const store = createMemoryStore({
    clock: systemClock,
    agentId: "test",
    toolVersion: "0.0.0",
    validate: validateRow,
  });
  const view = new ExperimentFold(EXPERIMENT);
  return {
    run: async (
      worker: WindowWorker,
      { hasBudget = true, gradeAgain = new Set<string>() } = {},
    ): Promise<SessionEnd> => {
      const journal = openJournal(store, (row) => view.fold(row));
      const parts = { journal, view, clock: systemClock, basis: "uncached" } as const;

      const ids = { experimentId: EXPERIMENT, sessionId: "test", randomId: makeId };
      const recorder = new SessionRecorder({ ...parts, ...ids, gradeAgain });
      const refusal = { mayFitLater: false, waitsFor: null, sentence: "None.", record: pass };
      return await runSession(
        {
          plan: PLAN,
          worker,
          recorder,
          observer: {
            windowStarted: pass,
            phaseBegan: pass,
            settled: pass,
            windowEnded: pass,
            noted: pass,
          },
          budgets: {
            check: () => (hasBudget ? { mayStart: true } : { ...refusal, mayStart: false }),
            giveUp: pass,
          },
          wait: async () => {},
          concurrency: 1,
          washoutMs: 0,
          retryDelayMs: 0,
        },
        new AbortController().signal,
      );
    },
    final: () => finalOf(view, WINDOW),
    /** Uncached tokens of all attempts. */
    spent: () => tokensSpent(view, "uncached"),
  };
}

function pass(): void {}

function makeId(): string {
  return crypto.randomUUID();
}
