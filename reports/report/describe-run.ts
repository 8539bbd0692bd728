import { Outcome } from "../../ledger/domain/outcome.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { attemptsOf, unfinishedAttempts } from "../../ledger/views/progress.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { groupSorted } from "../evidence/group-sorted.ts";
import type { ObservedWindow } from "../evidence/observe-windows.ts";
import type { Ran } from "./run-data.ts";

/** What was run: sessions, windows, attempts, and missing windows. */
export function describeRun({ view, windows }: Evidence): Ran {
  return {
    sessions: describeSessions(view),
    amendments: [...view.amendments.values()]
      .toSorted((left, right) => left.seq - right.seq)
      .map(({ recorded_at, amended }) => ({
        recorded_at,
        changed: Object.keys(amended).toSorted(),
      })),
    windows: countWindows(windows),
    attempts: countAttempts(view),
    outcomes: countOutcomes(windows),
    missing: countMissing(windows),
    schedule: windows.map(({ line }) => line),
  };
}

function describeSessions(view: ExperimentView): Ran["sessions"] {
  const closed = new Map([...view.closings.values()].map((row) => [row.session_id, row.reason]));
  return [...view.sessions.values()]
    .toSorted((left, right) => left.seq - right.seq)
    .map(({ session_id, recorded_at, resumed }) => ({
      session_id,
      opened_at: recorded_at,
      resumed,
      closed: closed.get(session_id) ?? null,
    }));
}

export function countWindows(windows: readonly ObservedWindow[]): Ran["windows"] {
  const count = (state: ObservedWindow["line"]["state"]) =>
    windows.filter(({ line }) => line.state === state).length;
  const [valid, missing, not_run] = [count("valid"), count("missing"), count("not_run")];
  return { planned: windows.length, finalized: valid + missing, valid, missing, not_run };
}

function countAttempts(view: ExperimentView): Ran["attempts"] {
  const attempts = [...view.windows.values()].flatMap(attemptsOf);
  return {
    opened: attempts.filter(({ opened }) => opened.length > 0).length,
    interrupted: attempts.filter(({ interrupted }) => interrupted.length > 0).length,
    unfinished: unfinishedAttempts(view).length,
  };
}

/** The outcomes that occurred, in the order in which they are decided. */
export function countOutcomes(windows: readonly ObservedWindow[]): Ran["outcomes"] {
  const count = (outcome: Outcome) => windows.filter(({ line }) => line.outcome === outcome).length;
  return Outcome.options
    .map((outcome) => ({ outcome, windows: count(outcome) }))
    .filter((counted) => counted.windows > 0);
}

function countMissing(windows: readonly ObservedWindow[]): Ran["missing"] {
  const missing = windows.flatMap(({ line: { provider, period }, missing: cause }) =>
    cause === null ? [] : [{ provider, period, cause }],
  );
  const keyOf = ({ provider, period, cause }: (typeof missing)[number]) =>
    JSON.stringify([provider, period, cause]);
  return groupSorted(missing, keyOf).flatMap(([, [first, ...others]]) =>
    first === undefined ? [] : [{ ...first, windows: 1 + others.length }],
  );
}
