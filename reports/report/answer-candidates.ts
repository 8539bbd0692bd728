import { sum } from "simple-statistics";

import { hasTokens } from "../../ledger/domain/usage.ts";
import { unfinishedAttempts } from "../../ledger/views/progress.ts";
import type { AnswerFacts, AnswerInput } from "../answer/answer-input.ts";
import { answerQuestion } from "../answer/answer.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { findUnpricedModel, raiseLimit } from "../evidence/raise-limit.ts";
import {
  candidateData,
  countedPairs,
  countRegressions,
  enterAttempts,
  enterMissing,
  listPairs,
  type PairedWindows,
} from "../evidence/resolved-pairs.ts";
import { extendCommand, runCommand } from "../evidence/run-command.ts";
import { gateStops, type Stop } from "../gate/find-stops.ts";
import { readRecordedGates } from "../looks/gate-file.ts";
import { countNoun, say } from "../text/number-text.ts";
import type { Answer } from "./answer-data.ts";
import { sayUsd } from "./answer-words.ts";
import type { Budgets } from "./budget-data.ts";
import type { DollarFigures } from "./dollar-data.ts";
import type { CandidateGate, GateReport } from "./gate-report.ts";
import { wordAnswer } from "./word-answer.ts";

interface Sources {
  readonly isScripted: boolean;
  readonly gate: GateReport | null;
  readonly dollars: DollarFigures;
  readonly budgets: Budgets;
}

/** Answers the experiment's question for each candidate, in words. */
export function answerCandidates(evidence: Evidence, sources: Sources): readonly Answer[] {
  const { baseline, candidates } = evidence.asked;
  if (baseline === null) return [];
  return candidates.map((candidate) =>
    wordAnswer(answerQuestion(gatherInput(evidence, candidate, sources))),
  );
}

/** What the answer for one candidate is made of. */
export function gatherInput(evidence: Evidence, candidate: string, sources: Sources): AnswerInput {
  const { asked, view } = evidence;
  const stops = gateStops(evidence).filter(({ provider }) =>
    [null, candidate, asked.baseline].includes(provider),
  );
  const { alpha, quality_min: qualityMin } = readRecordedGates(view).registered;
  const own = candidateData(evidence, candidate);
  const data = { ...own, baseline: asked.baseline ?? "", rootSeed: asked.seed ?? "" };
  return {
    data,
    missing: enterMissing(evidence, candidate),
    attempts: enterAttempts(evidence, candidate),
    alpha,
    qualityMin,
    candidates: asked.candidates.length,
    facts: {
      ...experimentFacts(evidence, sources),
      isCapped: own.capped,
      regressions: own.deterministicRegressions,
      gains: countGains(evidence, candidate),
      openTasks: countOpenTasks(evidence, candidate),
      ...spentOn(evidence, candidate, sources.dollars),
      distrust: stops.filter(isDistrusted).map(({ reason }) => reason),
      remarks: remarksOf(evidence, candidate, { ...sources, stops }),
    },
  };
}

function experimentFacts(evidence: Evidence, { isScripted, budgets, dollars }: Sources) {
  const { asked, design, registration } = evidence;
  const { cost_measure: measure, is_cost_comparable: isComparable } = asked;
  const usd = budgets.lines.find((line) => line.scope === "overall" && line.unit === "usd");
  const lack = lackOf(dollars);
  const unpricedModel = findUnpricedModel(evidence);
  // Free models use nothing of a budget.
  const isPriced = lack === undefined && (usd !== undefined || dollars.windows.length > 0);
  return {
    command: runCommand(evidence),
    isBudgetSpent: raiseLimit(evidence) !== null,
    ...(unpricedModel === null ? {} : { unpricedModel }),
    ...unknownCosts(evidence, dollars),
    hasFailedProvider: evidence.windows.some(({ final }) => final?.outcome === "infrastructure"),
    extendCommand: extendCommand(evidence),
    isRehearsal: isScripted && evidence.settings.paths.config === null,
    measure,
    isComparable,
    isManual: !design.isDriven,
    isAgainstItself: registration.aa,
    isScripted,
    unit: registration.tasks.some(({ family }) => family !== null) ? "family" : "task",
    costOfRun: {
      tokens: hasUncounted(evidence) ? null : budgets.overall.used,
      usd: isPriced ? (usd?.total ?? 0) : null,
    },
    ...(lack === undefined || lack === "" ? {} : { dollarsLack: lack }),
    isUntold: dollars.untold > 0,
  } as const;
}

/** Why the dollars of the run are not known; undefined if they are, empty if there are no prices at all. */
function lackOf({ unpriced, untold, windows }: DollarFigures): string | undefined {
  if (unpriced.length === 0 && untold === 0) return undefined;
  const known = sum(windows.map((line) => line.known));
  if (known === 0 && untold === 0) return "";
  const why = [
    ...(unpriced.length === 0 ? [] : [`no price for ${namesOf({ unpriced })}`]),
    ...(untold === 0 ? [] : [`${countNoun(untold, "answer")} without all counts`]),
  ];
  return `at least ${sayUsd(known)}: ${why.join(", ")}`;
}

/** Why a cost may not be known. */
function unknownCosts({ asked, view }: Evidence, dollars: DollarFigures) {
  const isAsked = asked.cost_measure === "usd" && dollars.unpriced.length > 0;
  return {
    ...(isAsked ? { unpriced: namesOf(dollars) } : {}),
    ...(unfinishedAttempts(view).length > 0 ? { isWorking: true as const } : {}),
  };
}

function namesOf({ unpriced }: Pick<DollarFigures, "unpriced">): string {
  return [...new Set(unpriced.map(({ model }) => model))].join(", ");
}

/** Whether no source counted the tokens of a manual window that was completed. */
function hasUncounted({ design, windows }: Evidence): boolean {
  const finals = windows.flatMap(({ final }) => final ?? []);
  return !design.isDriven && finals.some(({ usage }) => !hasTokens(usage));
}

function countGains(evidence: Evidence, candidate: string): number {
  return sum(
    countedPairs(evidence, candidate).map((pair) =>
      countRegressions(pair.candidate.final, pair.baseline.final),
    ),
  );
}

function countOpenTasks(evidence: Evidence, candidate: string): number {
  const open = listPairs(evidence, candidate).filter((pair) =>
    [pair.baseline, pair.candidate].some(({ line }) => line.state === "not_run"),
  );
  return new Set(open.map(({ baseline }) => baseline.line.feature_id)).size;
}

/** What both windows of all pairs that count took. */
function spentOn(
  evidence: Evidence,
  candidate: string,
  { windows }: DollarFigures,
): Pick<AnswerFacts, "pairs" | "spent"> {
  const pairs = countedPairs(evidence, candidate);
  const priced = new Map(windows.map((line) => [keyOf(line), line.amount]));
  const lines = pairs.flatMap((pair) => [pair.baseline.line, pair.candidate.line]);
  const { cost_measure: measure } = evidence.asked;
  const costs = lines.map(({ cost }) => cost);
  const usd = lines.map((line) => priced.get(keyOf(line)) ?? null);
  return {
    pairs: pairs.length,
    spent: {
      usd: sumKnown(measure === "usd" ? costs : usd),
      tokens: measure === "tokens" ? sumKnown(costs) : null,
    },
  };
}

function keyOf({
  window,
  provider,
}: {
  readonly window: string | null;
  readonly provider: string;
}) {
  return JSON.stringify([window, provider]);
}

function sumKnown(amounts: readonly (number | null)[]): number | null {
  const known = amounts.filter((amount) => amount !== null);
  return known.length === 0 || known.length < amounts.length ? null : sum(known);
}

/** Stops that mean wrong data. Others end an experiment early, which figures at every look allow for. */
const DISTRUSTED = ["srm", "protocol_violation", "negative_delta", "interval_not_finite"];

function isDistrusted({ rule }: Stop): boolean {
  return DISTRUSTED.includes(rule);
}

function remarksOf(
  evidence: Evidence,
  candidate: string,
  { gate, dollars, stops }: Sources & { readonly stops: readonly Stop[] },
): readonly string[] {
  const judged = gate?.candidates.find((one) => one.candidate === candidate);
  const { view, affected } = evidence;
  const unreadable = sum([...view.unreadable.values()]);
  const anomalies = affected.anomalies.filter((one) => !one.is_past).length;
  return [
    ...(judged === undefined ? [] : contradictions(judged)),
    ...sayMissing(listPairs(evidence, candidate)),
    ...stops.filter((stop) => !isDistrusted(stop)).map(({ reason }) => `Halted: ${reason}`),
    ...(unreadable === 0 ? [] : [`${countNoun(unreadable, "row")} of the ledger can't be read.`]),
    ...(anomalies === 0 ? [] : [`Anomalies: ${anomalies}.`]),
    ...(dollars.unpriced.length === 0
      ? []
      : [`Models without a price: ${dollars.unpriced.length}.`]),
    ...(gate?.other_experiments ?? []).flatMap((other) =>
      other.candidate === candidate
        ? [
            `Experiment ${other.experiment_id} compared the same providers: another chance to be wrong.`,
          ]
        : [],
    ),
  ];
}

function sayMissing(pairs: readonly PairedWindows[]): readonly string[] {
  const lines = pairs.map((pair) => [pair.baseline.line, pair.candidate.line]);
  const missing = lines.filter((pair) => pair.some(({ state }) => state === "missing")).length;
  return missing === 0 ? [] : [`Pairs with a missing window: ${missing} of ${pairs.length}.`];
}

/** Errors and latency are not part of the question, but people should learn about them now. */
function contradictions({ criteria, figures }: CandidateGate): readonly string[] {
  const isContradicted = (name: string) =>
    criteria.some((one) => one.criterion === name && one.fixed_n === "contradicted");
  return [
    ...(isContradicted("errors")
      ? [
          `Requests fail more often, by ${say(100 * (figures?.errorDifference ?? 0))} points of 100.`,
        ]
      : []),
    ...(isContradicted("latency")
      ? [`It is slower: the p95 latency is ${say(figures?.latencyRatio)} times the baseline's.`]
      : []),
  ];
}
