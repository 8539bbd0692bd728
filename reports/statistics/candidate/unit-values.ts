import { mean, sum } from "simple-statistics";

import { fitMean } from "../core/period-adjusted-fit.ts";
import { sequenceSign } from "../core/sequence.ts";
import { describeEffect } from "../core/t-inference.ts";
import type { ErrorCount } from "../errors/compare-error-rates.ts";
import type { FeatureLatencies } from "../latency/weighted-quantile.ts";
import type { Unit, WindowPair } from "./match-pairs.ts";
import type { AnalysedWindow } from "./window.ts";

/** Mean quality of both arms by unit, with the mean sequence sign. */
export type UnitScores = ReturnType<typeof qualityByUnit>;

/** The quality of the features in which every pair has a score on both arms. */
export function qualityByUnit(units: readonly Unit[]) {
  const scored = units
    .map((unit) => unit.filter(({ pairs }) => pairs.every(isScored)))
    .filter((unit) => unit.length > 0);
  return {
    a: scored.map((unit) => meanOf(unit, ({ a }) => a.quality ?? 0)),
    b: scored.map((unit) => meanOf(unit, ({ b }) => b.quality ?? 0)),
    z: scored.map((unit) => meanOf(unit, signOf)),
  };
}

function isScored({ a, b }: WindowPair): boolean {
  return a.quality !== null && b.quality !== null;
}

/** Errors and requests by unit, of the features in which every window counted them. */
export function errorsByUnit(units: readonly Unit[]) {
  const counted = units
    .map((unit) =>
      unit.map(({ pairs }) => pairs).filter((pairs) => pairs.every(({ a, b }) => isCounted(a, b))),
    )
    .filter((unit) => unit.length > 0)
    .map((unit) => unit.flat());
  return {
    a: counted.map((pairs) => countErrors(pairs.map(({ a }) => a))),
    b: counted.map((pairs) => countErrors(pairs.map(({ b }) => b))),
  };
}

function isCounted(...windows: readonly AnalysedWindow[]): boolean {
  return windows.every(({ errors, requests }) => errors !== null && requests !== null);
}

function countErrors(windows: readonly AnalysedWindow[]): ErrorCount {
  return {
    errors: sum(windows.map(({ errors }) => errors ?? 0)),
    requests: sum(windows.map(({ requests }) => requests ?? 0)),
  };
}

/** All request latencies by unit. */
export function latenciesByUnit(units: readonly Unit[]): readonly FeatureLatencies[] {
  const pooled = units.map((unit) => unit.flatMap(({ pairs }) => pairs));
  return pooled.map((pairs) => ({
    a: pool(pairs.map((pair) => pair.a.latenciesMs ?? [])),
    b: pool(pairs.map((pair) => pair.b.latenciesMs ?? [])),
  }));
}

/** The list itself if it is the only one, so that the next look finds it unchanged. */
function pool(lists: readonly (readonly number[])[]): readonly number[] {
  const [only = [], ...others] = lists;
  return others.length === 0 ? only : lists.flat();
}

/** Mean log ratio and mean sequence sign by unit. */
export function logRatiosByUnit(units: readonly Unit[]) {
  return {
    d: units.map((unit) => meanOf(unit, ({ a, b }) => Math.log(a.cost) - Math.log(b.cost))),
    z: units.map((unit) => meanOf(unit, signOf)),
  };
}

/** The mean of the features' means over their pairs. */
function meanOf(unit: Unit, read: (pair: WindowPair) => number): number {
  return mean(unit.map(({ pairs }) => mean(pairs.map(read))));
}

function signOf({ sequence }: WindowPair): number {
  return sequenceSign(sequence);
}

/**
 * Does the second window of a pair cost another amount because of the first one? From features that
 * replicates give both sequences: their mean total in AB less that in BA, on the log scale, so that
 * differences between features cancel. Null below two such units.
 *
 * Assumes independent units and normal differences. A trend from replicate to replicate looks alike.
 */
export function carryoverWithin(units: readonly Unit[]) {
  const differences = units
    .map((unit) => unit.flatMap(({ pairs }) => totalsDifference(pairs) ?? []))
    .filter((unit) => unit.length > 0)
    .map((unit) => mean(unit));
  if (differences.length === 0) return null;
  const { n, estimate, df, se } = fitMean(differences);
  return se === null ? null : { n, estimate, df, ...describeEffect({ estimate, se, df }) };
}

function totalsDifference(pairs: readonly WindowPair[]): number | null {
  const totals = Map.groupBy(pairs, ({ sequence }) => sequence);
  const [ab, ba] = (["AB", "BA"] as const).map((sequence) =>
    totals.get(sequence)?.map(({ a, b }) => Math.log(a.cost) + Math.log(b.cost)),
  );
  return ab === undefined || ba === undefined ? null : mean(ab) - mean(ba);
}
