import { createLogUpdate } from "log-update";

import type { Environment } from "../../../platform/environment/environment.ts";
import { isLiveTerminal } from "../../display/live-terminal.ts";

const PATIENCE_MS = 1000;

interface ReportProgress {
  readonly step: (step: string) => void;
  readonly close: () => void;
}

/**
 * Says on stderr what a report is doing, once it has taken over a second. A terminal shows one line, and
 * nothing of it is left at the end.
 */
export function openReportProgress(environment: Environment): ReportProgress {
  const { clock, stderr } = environment;
  const startMs = clock.monotonicMs();
  const live = isLiveTerminal(environment) ? createLogUpdate(stderr) : null;
  const show = live ?? ((line: string) => void stderr.write(`${line}\n`));
  return {
    step: (step) => {
      const passedMs = clock.monotonicMs() - startMs;
      if (passedMs <= PATIENCE_MS) return;
      show(`Report: ${step} (${(passedMs / PATIENCE_MS).toFixed(0)} s)`);
    },
    close: () => {
      live?.clear();
      live?.done();
    },
  };
}
