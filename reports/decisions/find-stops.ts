import type { LookTaken } from "../../ledger/domain/look.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { attemptsOf } from "../../ledger/views/progress.ts";
import type { ObservedWindow } from "../report/list-windows.ts";
import type { ReportContext } from "../report/report-context.ts";
import { countProtocolViolations } from "./experiment-data.ts";
import { LookFigures } from "./look-figures.ts";
import type { LookCriteria } from "./look.ts";
import type { StopCondition } from "./stop-condition.ts";
import { stopForNegativeDeltas } from "./stop-rule.ts";
import { looksAt, readLook } from "./take-looks.ts";

const NEGATIVE_DELTA = "negative-delta";
const INTERVAL_FROM_PAIRS = 3;

/** Something that keeps an arm, or without a provider the whole experiment, from going on. */
export interface Stop {
  readonly provider: string | null;
  /** Its name; an operator's rule is `operator: <as written>`. */
  readonly rule: string;
  readonly reason: string;
  readonly release: string;
}

/**
 * Which stop rules hold, as the ledger stands. Pure: the same rows and conditions give the same stops,
 * so that whoever resumes a session halts the same arms.
 *
 * Cost counts as contradicted by its evidence at any time of looking, because this rule is asked
 * after every window; errors, for which there is no such evidence, by their fixed-n interval.
 */
export function findStops(
  context: ReportContext,
  conditions: readonly StopCondition[],
): readonly Stop[] {
  return [
    ...allocationStops(context),
    ...context.asked.providers.flatMap(({ provider }) => meterStops(context, provider)),
    ...context.asked.candidates.flatMap((candidate) => lookStops(context.view, candidate)),
    ...conditions.flatMap((condition) => operatorStops(context, condition)),
  ];
}

function allocationStops(context: ReportContext): readonly Stop[] {
  const violations = countProtocolViolations(context);
  const alarmed = context.asked.candidates.filter(
    (candidate) => latestOf(looksAt(context.view, candidate))?.look.srm_alarm === true,
  );
  return [
    ...alarmed.map((candidate) => ({
      provider: null,
      rule: "srm",
      reason: `The orders of ${candidate}'s pairs occur in another ratio than assigned: windows went missing for a reason.`,
      release:
        "Nothing in this experiment: find out why windows are missing and register another one.",
    })),
    ...(violations === 0
      ? []
      : [
          {
            provider: null,
            rule: "protocol_violation",
            reason: `${violations} of the pairs were run in another order than assigned.`,
            release:
              "Nothing in this experiment: find out what changed the order and register another one.",
          },
        ]),
  ];
}

function meterStops({ view, windows, touches }: ReportContext, provider: string): readonly Stop[] {
  const kinds = touches.anomalies.map(({ number, kind }) => [number, kind] as const);
  const negative = new Set(kinds.filter(([, kind]) => kind === NEGATIVE_DELTA).map(([n]) => n));
  if (negative.size === 0) return [];
  const finals = windows
    .filter(({ line, final }) => line.provider === provider && final !== undefined)
    .toSorted((left, right) => orderOf(left) - orderOf(right));
  const flags = finals.map(({ line }) =>
    touches.ofWindow(line.window, provider).some((number) => negative.has(number)),
  );
  const { stop, atWindow } = stopForNegativeDeltas(flags);
  if (!stop || atWindow === null) return [];
  const at = finals[atWindow - 1]?.line.window ?? view.experimentId;
  return [
    {
      provider,
      rule: "negative_delta",
      reason: `At ${at}, 2 of 3 windows in a row had a meter that went backwards within one reset period.`,
      release: "Find out what resets the meter, undo the anomalies that were none, and resume.",
    },
  ];
}

function orderOf({ line }: ObservedWindow): number {
  return line.executed_order ?? 0;
}

function lookStops(view: ExperimentView, candidate: string): readonly Stop[] {
  const rows = looksAt(view, candidate).slice(-2);
  const [before, last] = rows.map(({ look }) => readLook(look));
  const latest = last ?? before;
  if (latest === undefined) return [];
  const hasNoInterval = latest.nPairs >= INTERVAL_FROM_PAIRS && latest.ciWidth === null;
  const contradicted =
    before === undefined || last === undefined
      ? []
      : CONTRADICTIONS.filter(({ isSo }) => isSo(before.criteria) && isSo(last.criteria));
  return [
    ...(hasNoInterval && hasBothOrders(rows.at(-1)?.look)
      ? [
          {
            provider: candidate,
            rule: "interval_not_finite",
            reason: `The cost ratio of ${latest.nPairs} pairs in both orders has no finite interval.`,
            release: "Correct or undo the windows whose costs are impossible, and resume.",
          },
        ]
      : []),
    ...contradicted.map(({ rule, says }) => ({
      provider: candidate,
      rule,
      reason: `At two looks in a row the data contradict that ${says}.`,
      release: "Nothing more of the same: change the provider and register another experiment.",
    })),
  ];
}

const CONTRADICTIONS: readonly {
  readonly rule: string;
  readonly says: string;
  readonly isSo: (criteria: LookCriteria) => boolean;
}[] = [
  {
    rule: "cost_contradicted",
    says: "the candidate is as much cheaper as is asked",
    isSo: ({ cost }) => cost.anytime === "contradicted",
  },
  {
    rule: "errors_contradicted",
    says: "the candidate errs no more often than is allowed",
    isSo: ({ errors }) => errors.fixed === "contradicted",
  },
];

/** Of the pairs that the look counted; earlier versions did not record it. */
function hasBothOrders(look: LookTaken | undefined): boolean {
  const { pairsAB, pairsBA } = LookFigures.parse(look?.figures ?? {});
  return (pairsAB ?? 0) > 0 && (pairsBA ?? 0) > 0;
}

function operatorStops(context: ReportContext, condition: StopCondition): readonly Stop[] {
  const { metric, text, holds } = condition;
  const stop = (provider: string | null, value: number): readonly Stop[] =>
    holds(value)
      ? [
          {
            provider,
            rule: `operator: ${text}`,
            reason: `${provider ?? "The experiment"} has ${metric} ${Number(value.toPrecision(4))}.`,
            release: `Resume without --stop-when '${text}', or with another limit.`,
          },
        ]
      : [];
  if (metric === "tokens") {
    const tokens = [...context.view.spent.values()].map(
      (spent) => spent[context.asked.token_basis],
    );
    return stop(null, sumOf(tokens));
  }
  if (metric === "cost_usd") return stop(null, dollarsSpent(context));
  return context.asked.providers.flatMap(({ provider }) => {
    const own = context.windows.filter(
      ({ line }) => line.provider === provider && line.state === "valid",
    );
    const value = metric === "errors" ? errorRate(own) : meanQuality(own);
    return value === null ? [] : stop(provider, value);
  });
}

function errorRate(windows: readonly ObservedWindow[]): number | null {
  const finals = windows.flatMap(({ final }) => final ?? []);
  const answerable = sumOf(finals.map(({ requests }) => requests.total - requests.refused));
  return answerable === 0
    ? null
    : sumOf(finals.map(({ requests }) => requests.errors)) / answerable;
}

function meanQuality(windows: readonly ObservedWindow[]): number | null {
  const scores = windows.flatMap(({ line }) => line.quality ?? []);
  return scores.length === 0 ? null : sumOf(scores) / scores.length;
}

/** Of every attempt that has ended, as far as it is known. */
function dollarsSpent({ windows }: ReportContext): number {
  const ends = windows.flatMap(({ view }) =>
    attemptsOf(view).map(
      ({ finalized, interrupted }) => latestOf(finalized) ?? latestOf(interrupted),
    ),
  );
  return sumOf(ends.map((end) => end?.dollars?.known ?? 0));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
