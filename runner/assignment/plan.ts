import type { Hours } from "./hours.ts";

/** One window of the schedule, before anything of it has happened. */
export interface PlannedWindow {
  /** `W<replicate − 1>-<position>`, in schedule order. */
  readonly window: string;
  readonly provider: string;
  readonly featureId: string;
  readonly replicate: number;
  readonly period: number;
  /** What the provider is asked to do; its base command carries the budget. */
  readonly command: string;
}

/** The windows of one feature in one replicate, period 1 first: what is compared with each other. */
export interface PlannedUnit {
  readonly featureId: string;
  readonly replicate: number;
  readonly stratum: string;
  readonly block: number;
  readonly sequence: string;
  /** Which hours its windows are worked in; absent where any will do. */
  readonly hours?: Hours;
  /** Registration cohort of the task, counted from 1; absent in the first. */
  readonly cohort?: number;
  readonly windows: readonly PlannedWindow[];
}

/** The frozen question and its schedule, as the ledger and the reports have it. */
interface Registration {
  readonly name: string;
  readonly seed: string;
  readonly baseline: string;
  readonly scripted: boolean;
  readonly [field: string]: unknown;
}

/** The experiment as it is frozen before its first window. */
export interface Plan {
  readonly experimentId: string;
  readonly registration: Registration;
  /** SHA-256 (hex) of the registration's canonical JSON. */
  readonly sha256: string;
  readonly units: readonly PlannedUnit[];
}
