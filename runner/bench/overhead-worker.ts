import type { Journal } from "../experiment/spending/journal.ts";
import type { AttemptResult, WindowWorker } from "../experiment/windows/window-worker.ts";
import { madeUpWindows, requestRows } from "./analysis/made-up-windows.ts";

const RESULT: AttemptResult = {
  outcome: "pass",
  reason: null,
  usage: { input_uncached: 1000, output: 100, requests: 1 },
  requests: { total: 1, errors: 0, refused: 0 },
  commitStart: "0".repeat(40),
  commitEnd: "1".repeat(40),
  churn: { files_changed: 1, insertions: 10, deletions: 2 },
  quality: 1,
  scenarios: [],
  isolation: null,
  agentIsolation: null,
  timings: null,
  exitCode: 0,
  reportedUsage: null,
  anomalies: [],
  versions: {},
};

/** Does nothing, and says the same of every window. */
export const idleWorker: WindowWorker = {
  methodology: "none",
  workspaceRoot: null,
  work: async () => RESULT,
};

/** Also does nothing. It reports something else for each window, with requests that take much computing. */
export function variedWorker(windowCount: number, journal: Pick<Journal, "write">): WindowWorker {
  const windows = new Map(
    madeUpWindows(windowCount / 2).map((window) => [
      `${window.feature} ${window.provider}`,
      window,
    ]),
  );
  return {
    ...idleWorker,
    work: async ({ planned, experimentId, attempt }) => {
      const { window, provider, featureId, replicate, period } = planned;
      const made = windows.get(`${featureId} ${provider}`);
      if (made === undefined) throw new Error(`${window} was not made up.`);
      const place = { feature_id: featureId, replicate, period };
      const key = { experiment_id: experimentId, window, attempt, provider, ...place };
      await journal.write("proxy_telemetry", requestRows(key, made));
      const { cost, quality } = made;
      const [errors, total] = [made.errors ?? 0, made.requests ?? 0];
      return {
        ...RESULT,
        outcome: quality === 1 ? "pass" : "partial",
        usage: { input_uncached: cost, requests: total },
        requests: { total, errors, refused: 0 },
        quality,
      };
    },
  };
}
