import { ChurnMeasured } from "../domain/churn-measured.ts";
import { MANUAL_EXPERIMENT } from "../domain/experiment.ts";
import type { Row } from "../domain/row.ts";
import { SnapshotTaken } from "../domain/snapshot.ts";
import type { ChurnFact, SnapshotFact, Stamp } from "./experiment-fact.ts";

/** Whether a row belongs to a window worked by hand, whose readings are kept one by one. */
export function isByHand(row: Row): boolean {
  return row["experiment_id"] === MANUAL_EXPERIMENT;
}

export function snapshotFact(row: Row, stamp: Stamp): SnapshotFact {
  const taken = SnapshotTaken.parse(row);
  const { window, attempt, provider, feature_id, phase, meters, parser, notes, errors } = taken;
  return {
    ...stamp,
    kind: "snapshot",
    window,
    attempt,
    provider,
    feature_id,
    phase,
    meters,
    parser,
    notes,
    errors,
    raw_sha256: taken.raw_sha256,
    time_zone: taken.time_zone,
    captured_at: taken.captured_at ?? row.recorded_at,
    source: row.source,
    agent_id: row.agent_id,
    h: row.h,
    is_correction: row.supersedes !== undefined,
  };
}

export function churnFact(row: Row, stamp: Stamp): ChurnFact {
  const measured = ChurnMeasured.parse(row);
  const { window, attempt, provider, feature_id, commit_start, commit_end, churn } = measured;
  return {
    ...stamp,
    kind: "churn",
    window,
    attempt,
    provider,
    feature_id,
    commit_start,
    commit_end,
    churn,
    agent_id: row.agent_id,
  };
}
