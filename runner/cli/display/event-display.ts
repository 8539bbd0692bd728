import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import { type SessionBoard, tokensOf } from "../../experiment/session/session-board.ts";
import type { SessionObserver } from "../../experiment/session/session-parts.ts";
import type { WindowPhase } from "../../experiment/windows/window-worker.ts";
import type { PlannedWindow } from "../../plan/assignment/plan.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import type { WriteEvent } from "./events.ts";

/** Writes events as lines of JSON on stdout. */
export function eventWriter({ stdout, clock }: Environment): WriteEvent {
  return (event, fields) => {
    const line = { event, version: 1, at: timestampOf(clock.nowMs()), ...fields };
    stdout.write(`${JSON.stringify(line)}\n`);
  };
}

/** The events of a session, for programs. */
export function eventDisplay(write: WriteEvent, read: () => SessionBoard): SessionObserver {
  return {
    windowStarted: (planned, attempt) => write("window_started", { ...placeOf(planned), attempt }),
    phaseBegan: (planned, phase) =>
      write("phase_began", { ...placeOf(planned), ...describePhase(phase) }),
    settled: () => undefined,
    windowEnded: (planned, { outcome, quality, usage, reason, anomalies }) => {
      const { final, windowsInAll: windows } = read();
      const figures = { outcome, quality, tokens_uncached: tokensOf(usage), reason };
      write("window_ended", { ...placeOf(planned), ...figures, final, windows });
      const { window } = planned;
      for (const { kind, action } of anomalies) write("anomaly", { window, kind, action });
    },
    noted: (sentence) => write("noted", { sentence }),
  };
}

function placeOf({ window, provider, featureId, replicate, period }: PlannedWindow) {
  return { window, provider, feature_id: featureId, replicate, period };
}

function describePhase(phase: WindowPhase) {
  if (phase === "working" || phase === "grading") return { phase };
  return { phase: "working" as const, role: phase.slice("working as ".length) };
}
