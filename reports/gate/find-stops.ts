import { mean, sum } from "simple-statistics";

import type { LookTaken } from "../../ledger/domain/look.ts";
import { addCounts, errorRate } from "../../ledger/domain/request-fate.ts";
import { type HaltFact, latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { attemptsOf, requestCounts, tokensSpent } from "../../ledger/views/progress.ts";
import { hasLowerBound } from "../evidence/compared-cost.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { looksAt } from "../evidence/looks-at.ts";
import type { ObservedWindow } from "../evidence/observe-windows.ts";
import { countProtocolViolations } from "../evidence/resolved-pairs.ts";
import { LookFigures } from "../looks/look-figures.ts";
import type { LookCriteria } from "../looks/look.ts";
import { readLook } from "../looks/take-looks.ts";
import { HALT_TEXT } from "../text/halt-text.ts";
import { parseStopCondition, type StopCondition, type StopMetric } from "./stop-condition.ts";

const OPERATOR = "operator: ";
const NEGATIVE_DELTA = "negative-delta";
const INTERVAL_FROM_PAIRS = 3;
const WINDOWS_IN_A_ROW = 3;
const NEGATIVE_DELTAS_MAX = 1;

/** A reason to halt an arm or, without a provider, the whole experiment. */
export interface Stop {
  readonly provider: string | null;
  /** Its name; an operator's rule is `operator: <as written>`. */
  readonly rule: string;
  readonly reason: string;
  readonly release: string;
}

/**
 * Finds the stop rules that hold. The same rows and conditions give the same stops, so a resumed
 * session halts the same arms.
 *
 * These rules run after every window. Cost is therefore contradicted only by evidence that is valid
 * at any time of looking. Errors have no such evidence; their fixed-n interval decides.
 */
export function findStops(
  evidence: Evidence,
  conditions: readonly StopCondition[],
): readonly Stop[] {
  const { asked, view } = evidence;
  return [
    ...allocationStops(evidence),
    ...asked.providers.flatMap(({ provider }) => [...meterStops(evidence, provider)]),
    ...asked.candidates.flatMap((candidate) => [...lookStops(view, candidate)]),
    ...conditions.flatMap((condition) => [...operatorStops(evidence, condition)]),
  ];
}

/**
 * What shuts the gate: the stops that the data show, by the conditions that the last session recorded
 * when it started, and the halts that operators recorded. A halt that was never written, as after a
 * crash, changes nothing.
 */
export function gateStops(evidence: Evidence): readonly Stop[] {
  const conditions = (evidence.settings.stop_when ?? []).flatMap(
    (text) => parseStopCondition(text) ?? [],
  );
  const stops = findStops(evidence, conditions);
  const found = new Set(stops.map(keyOf));
  const recorded = currentHalts(evidence.view).filter(
    (halt) => halt.rule.startsWith(OPERATOR) && !found.has(keyOf(halt)),
  );
  return [...stops, ...recorded];
}

function* allocationStops(evidence: Evidence): Generator<Stop> {
  const { view, asked } = evidence;
  for (const candidate of asked.candidates) {
    if (latestOf(looksAt(view, candidate))?.look.srm_alarm !== true) continue;
    yield { provider: null, rule: "srm", ...HALT_TEXT.srm(candidate) };
  }
  const violations = countProtocolViolations(evidence);
  if (violations === 0) return;
  yield { provider: null, rule: "protocol_violation", ...HALT_TEXT.protocol_violation(violations) };
}

function* meterStops({ view, windows, affected }: Evidence, provider: string): Generator<Stop> {
  const anomalies = affected.anomalies.filter(({ kind }) => kind === NEGATIVE_DELTA);
  const negative = new Set(anomalies.map(({ number }) => number));
  if (negative.size === 0) return;
  const finals = windows
    .filter(({ line, final }) => line.provider === provider && final !== undefined)
    .toSorted((left, right) => orderOf(left) - orderOf(right));
  const flags = finals.map(({ line }) =>
    affected.ofWindow(line.window, provider, line.agent).some((number) => negative.has(number)),
  );
  const { atWindow } = stopForNegativeDeltas(flags);
  if (atWindow === null) return;
  const at = finals[atWindow - 1]?.line.window ?? view.experimentId;
  yield { provider, rule: "negative_delta", ...HALT_TEXT.negative_delta(at) };
}

/** Whether a provider's meter stops its arm. */
export interface MeterStop {
  readonly stop: boolean;
  /** The window, counted from 1, at which the rule first applied. */
  readonly atWindow: number | null;
}

/**
 * Stops an arm whose meter can't be trusted: in two of three consecutive finalized windows a reading
 * went backwards within one reset period.
 *
 * `negativeDelta` says for each finalized window, in order, whether it has that anomaly.
 *
 * @example
 * stopForNegativeDeltas([true, false, true]); // { stop: true, atWindow: 3 }
 */
export function stopForNegativeDeltas(negativeDelta: readonly boolean[]): MeterStop {
  const index = negativeDelta.findIndex((_, last) => {
    const recent = negativeDelta.slice(Math.max(0, last + 1 - WINDOWS_IN_A_ROW), last + 1);
    return recent.filter(Boolean).length > NEGATIVE_DELTAS_MAX;
  });
  return index === -1 ? { stop: false, atWindow: null } : { stop: true, atWindow: index + 1 };
}

function orderOf({ line }: ObservedWindow): number {
  return line.executed_order ?? 0;
}

function* lookStops(view: ExperimentView, candidate: string): Generator<Stop> {
  const [last, before] = looksAt(view, candidate)
    .slice(-2)
    .map(({ look }) => look)
    .toReversed();
  if (last === undefined) return;
  if (last.ci_width === null && shouldHaveInterval(last)) {
    yield {
      provider: candidate,
      rule: "interval_not_finite",
      ...HALT_TEXT.interval_not_finite(last.n_pairs),
    };
  }
  for (const { rule, isSo } of CONTRADICTIONS) {
    if (before === undefined || ![before, last].every((look) => isSo(readLook(look).criteria)))
      continue;
    yield { provider: candidate, rule, ...HALT_TEXT[rule]() };
  }
}

function shouldHaveInterval({ figures, n_pairs, n_families = n_pairs }: LookTaken): boolean {
  // Earlier versions did not record the orders of a look's pairs.
  const { pairsAB, pairsBA } = LookFigures.parse(figures);
  return Math.min(pairsAB ?? 0, pairsBA ?? 0) > 0 && n_families >= INTERVAL_FROM_PAIRS;
}

const CONTRADICTIONS: readonly {
  readonly rule: "cost_contradicted" | "errors_contradicted";
  readonly isSo: (criteria: Pick<LookCriteria, "cost" | "errors">) => boolean;
}[] = [
  {
    rule: "cost_contradicted",
    isSo: ({ cost }) => cost.anytime === "contradicted",
  },
  {
    rule: "errors_contradicted",
    isSo: ({ errors }) => errors.fixed === "contradicted",
  },
];

function* operatorStops(
  evidence: Evidence,
  { metric, text, isBelow, holds }: StopCondition,
): Generator<Stop> {
  for (const { provider, value, isLowerBound = false } of measure(evidence, metric)) {
    if (value === null || !holds(value) || (isBelow && isLowerBound)) continue;
    const more = isLowerBound ? " or more" : "";
    const figure = `${provider ?? "The experiment"} has ${metric} ${Number(value.toPrecision(4))}${more}`;
    yield { provider, rule: `${OPERATOR}${text}`, ...HALT_TEXT.operator(text, figure) };
  }
}

interface Measured {
  /** null: the experiment as a whole. */
  readonly provider: string | null;
  readonly value: number | null;
  /** The true value is higher. Absent: it is not. */
  readonly isLowerBound?: boolean;
}

function measure(evidence: Evidence, metric: StopMetric): readonly Measured[] {
  const { view, asked, windows } = evidence;
  const ofProviders = (valueOf: (final: readonly ObservedWindow[]) => number | null) =>
    asked.providers.map(({ provider }) => ({
      provider,
      value: valueOf(
        windows.filter(({ line }) => line.provider === provider && line.state !== "not_run"),
      ),
    }));
  switch (metric) {
    case "tokens":
      return [
        {
          provider: null,
          value: tokensSpent(view, asked.token_basis),
          isLowerBound: endsOf(evidence).some((end) => hasLowerBound(end, TOKENS)),
        },
      ];
    case "cost_usd":
      return [dollarsSpent(evidence)];
    case "errors":
      // A window is missing if nothing but errors came back.
      return ofProviders((final) => errorRate(addCounts(final.map(requestCounts))));
    case "quality":
      return ofProviders((final) => {
        const valid = final.filter(({ line }) => line.state === "valid");
        const scores = valid.flatMap(({ line }) => line.quality ?? []);
        return scores.length === 0 ? null : mean(scores);
      });
  }
}

const TOKENS = { cost_measure: "tokens" } as const;

/** The known dollars of every attempt that has ended. */
function dollarsSpent(evidence: Evidence): Measured {
  const ends = endsOf(evidence);
  return {
    provider: null,
    value: sum(ends.map(({ dollars }) => dollars?.known ?? 0)),
    isLowerBound: ends.some(
      (end) => (end.dollars?.amount ?? null) === null || hasLowerBound(end, evidence.asked),
    ),
  };
}

/** The last row of every attempt that has ended. */
function endsOf({ windows }: Evidence) {
  return windows
    .flatMap(({ view }) => attemptsOf(view))
    .flatMap(({ finalized, interrupted }) => latestOf(finalized) ?? latestOf(interrupted) ?? []);
}

/** The standing halts: the last row of each arm and rule counts. */
export function currentHalts(view: ExperimentView): readonly Stop[] {
  const byRule = Map.groupBy(view.halts.values(), keyOf);
  return [...byRule.values()]
    .map((facts) => latestOf(facts))
    .filter((fact) => fact !== undefined)
    .toSorted((left, right) => left.seq - right.seq)
    .flatMap(({ provider, rule, halted }) =>
      halted === null ? [] : [{ provider, rule, ...halted }],
    );
}

/** Stops that are not in the ledger yet, and halts whose cause is gone. */
export function changedHalts(
  view: ExperimentView,
  stops: readonly Stop[],
): { readonly halted: readonly Stop[]; readonly released: readonly Stop[] } {
  const known = currentHalts(view);
  const knownKeys = new Set(known.map(keyOf));
  const keys = new Set(stops.map(keyOf));
  return {
    halted: stops.filter((stop) => !knownKeys.has(keyOf(stop))),
    released: known.filter((stop) => !keys.has(keyOf(stop))),
  };
}

function keyOf({ provider, rule }: Pick<HaltFact, "provider" | "rule">): string {
  return JSON.stringify([provider, rule]);
}
