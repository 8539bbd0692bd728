import { validateRow } from "../../../../ledger/domain/validate-row.ts";
import { createMemoryStore } from "../../../../ledger/store/test-support/memory-store.ts";
import { ExperimentFold } from "../../../../ledger/views/experiment-fold.ts";
import { finalOf, tokensSpent } from "../../../../ledger/views/progress.ts";
import type { Plan } from "../../../plan/assignment/plan.ts";
import { systemClock } from "../../../platform/environment/environment.ts";
import { openJournal } from "../../spending/journal.ts";
import type { AttemptResult, WindowWorker } from "../../windows/window-worker.ts";
import { runSession, type SessionEnd } from "../run-session.ts";
import type { SessionParts } from "../session-parts.ts";
import { SessionRecorder } from "../session-recorder.ts";

const EXPERIMENT = "0123456789ab";
const WINDOW = "W0-01";
const FEATURE = { featureId: "feature", replicate: 1 };

/** One task, in a window of each provider: W0-01, W0-02 ... */
function planFor(providers: readonly string[]): Plan {
  const windows = providers.map((provider, index) => ({
    ...FEATURE,
    window: `W0-0${String(index + 1)}`,
    provider,
    period: index + 1,
    command: "/implement feature",
  }));
  const set = { ...FEATURE, stratum: "s", block: 1, sequence: "AB", windows };
  const registration = { name: "n", seed: "1", baseline: "one", scripted: true };
  return { experimentId: EXPERIMENT, registration, sha256: "0".repeat(64), sets: [set] };
}

/** How a session differs from one that works without a pause. */
type Changes = Partial<
  Pick<SessionParts, "budgets" | "health" | "hours" | "rules" | "slots" | "washoutMs" | "wait">
> & {
  readonly retryDelayMs?: number;
  readonly hasBudget?: boolean;
  readonly gradeAgain?: ReadonlySet<string>;
  readonly signal?: AbortSignal;
};

/** Sessions of one task over one ledger. Without `providers` it has one window. */
export function openSessionLab(providers: readonly string[] = ["one"]) {
  const store = createMemoryStore({
    clock: systemClock,
    agentId: "test",
    toolVersion: "0.0.0",
    validate: validateRow,
  });
  const view = new ExperimentFold(EXPERIMENT);
  const noted: string[] = [];
  return {
    run: async (
      worker: WindowWorker<AttemptResult | null>,
      { hasBudget = true, gradeAgain = new Set(), signal, ...changes }: Changes = {},
    ): Promise<SessionEnd> => {
      const journal = openJournal(store, (row) => view.fold(row));
      const parts = { journal, view, clock: systemClock, basis: "uncached" } as const;

      const ids = { experimentId: EXPERIMENT, sessionId: "test", randomId: makeId };
      const recorder = new SessionRecorder({ ...parts, ...ids, gradeAgain });
      const refusal = { mayFitLater: false, waitsFor: null, sentence: "None.", record: pass };
      return await runSession(
        {
          plan: planFor(providers),
          worker,
          recorder,
          observer: {
            windowStarted: pass,
            phaseBegan: pass,
            settled: pass,
            windowEnded: pass,
            noted: (sentence) => void noted.push(sentence),
          },
          budgets: {
            check: () => (hasBudget ? { mayStart: true } : { ...refusal, mayStart: false }),
            giveUp: pass,
          },
          wait: async () => {},
          concurrency: 1,
          washoutMs: 0,
          retryDelayMs: 0,
          ...changes,
        },
        signal ?? new AbortController().signal,
      );
    },
    final: (window = WINDOW) => finalOf(view, window),
    /** What the session's observer got. */
    noted,
    /** Uncached tokens of all attempts. */
    spent: () => tokensSpent(view, "uncached"),
  };
}

function pass(): void {}

function makeId(): string {
  return crypto.randomUUID();
}
