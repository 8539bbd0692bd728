import type { Hours } from "./hours.ts";

/** A window of the schedule that has not started. */
export interface PlannedWindow {
  /** `W<replicate − 1>-<position>`, in schedule order. */
  readonly window: string;
  readonly provider: string;
  readonly featureId: string;
  readonly replicate: number;
  readonly period: number;
  /** The work for the provider. Its base command has the budget. */
  readonly command: string;
}

/** A task and replicate given to all providers; with two providers a pair. Period 1 comes first. */
export interface MatchedSet {
  readonly featureId: string;
  readonly replicate: number;
  readonly stratum: string;
  readonly block: number;
  readonly sequence: string;
  /** The hours in which its windows run; absent if any time will do. */
  readonly hours?: Hours;
  /** The registration cohort of the task, counted from 1; absent in the first. */
  readonly cohort?: number;
  readonly windows: readonly PlannedWindow[];
}

/** The frozen question and its schedule, as in the ledger. */
export interface Registration {
  readonly name: string;
  readonly seed: string;
  readonly baseline: string;
  readonly scripted: boolean;
  readonly [field: string]: unknown;
}

/** The experiment, frozen before its first window. */
export interface Plan {
  readonly experimentId: string;
  readonly registration: Registration;
  /** SHA-256 (hex) of the registration's canonical JSON. */
  readonly sha256: string;
  readonly sets: readonly MatchedSet[];
}

/** A matched set in the frozen schedule: providers and windows by period. */
interface ScheduledSet {
  readonly feature_id: string;
  readonly replicate: number;
  readonly providers: readonly string[];
  readonly windows: readonly string[];
}

/** Returns the windows of a matched set, period 1 first. */
export function planWindows(set: ScheduledSet): readonly PlannedWindow[] {
  const { feature_id: featureId, replicate, providers } = set;
  return set.windows.flatMap((window, index) =>
    providers.slice(index, index + 1).map((provider) => ({
      window,
      provider,
      featureId,
      replicate,
      period: index + 1,
      command: `/implement ${featureId}`,
    })),
  );
}
