import { latenciesOf } from "../../ledger/domain/request-fate.ts";
import type { AnswerInput } from "../answer/answer-input.ts";
import { answerQuestion } from "../answer/answer.ts";
import { decideGate, type GateState } from "../gate/decide-gate.ts";
import { SHOWN } from "../gate/shown-verdict.ts";
import { assessCandidates, isAllocationAlarm, type LookedAt } from "../looks/assess-candidates.ts";
import { figuresOf } from "../looks/figures-of-look.ts";
import { NO_COST } from "../looks/no-cost.ts";
import { answerQuestions } from "../report/answer-questions.ts";
import { wordAnswer } from "../report/word-answer.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import { rowAt } from "./columns.ts";
import {
  type AnswerInputs,
  type CandidateLooks,
  type CountedData,
  FATES,
  type RequestData,
  type VerdictData,
  type WindowData,
} from "./page-data.ts";

/** What a page holds of the windows, and of the verdict about them. */
export interface Checked {
  readonly windows: WindowData;
  readonly requests: RequestData;
  readonly verdict: VerdictData;
}

/** The answers as the page shows them: the texts of each candidate. */
export type ShownAnswers = readonly (readonly string[])[];

/** A printed value, and what the embedded data give. */
interface Difference {
  readonly candidate: string;
  readonly figure: string;
  readonly printed: string;
  readonly computed: string;
}

export interface Recheck {
  readonly windows: number;
  /** Texts and figures that were compared. */
  readonly compared: number;
  readonly differences: readonly Difference[];
  /** Why the gates' verdict was not computed; null if it was. */
  readonly none: string | null;
}

/** Engines round the last bits of logarithms differently. */
const TOLERANCE = 1e-7;

/** Computes the answers and the verdict again from the windows, and compares them with those that are shown. */
export function recheck(checked: Checked, shown: ShownAnswers): Recheck {
  const { verdict } = checked;
  const context = { verdict, windows: readWindows(checked) };
  const compared = [
    ...verdict.answers.flatMap((input, index) => answerAgain(input, context, shown[index] ?? [])),
    ...verdict.candidates.flatMap((one) => judgeAgain(one, context)),
  ];
  return {
    windows: countWindows(verdict),
    compared: compared.length,
    differences: compared
      .filter(({ printed, computed }) => !isAlike(printed, computed))
      .map((one) => ({ ...one, printed: say(one.printed), computed: say(one.computed) })),
    none: verdict.none,
  };
}

interface Context {
  readonly verdict: VerdictData;
  /** null for windows without a cost. */
  readonly windows: readonly (AnalysedWindow | null)[];
}

interface Compared {
  readonly candidate: string;
  readonly figure: string;
  readonly printed: unknown;
  readonly computed: unknown;
}

function countWindows({ answers, looks }: VerdictData): number {
  const counted = [...answers.map(({ data }) => data), ...looks];
  return new Set(counted.flatMap(({ windows }) => windows)).size;
}

function answerAgain(
  { data, missing, attempts, ...others }: AnswerInputs,
  context: Context,
  shown: readonly string[],
): readonly Compared[] {
  const { baseline, rootSeed } = context.verdict;
  const found = { ...countedOf(data, context), baseline, rootSeed };
  const dearer = new Map(attempts.costs);
  const input: AnswerInput = {
    ...others,
    data: found,
    missing: { ...missing, windows: [...found.windows, ...missing.added] },
    attempts: {
      ...attempts,
      windows: found.windows.map((window, place) => ({
        ...window,
        cost: dearer.get(place) ?? window.cost,
      })),
    },
  };
  const texts = answerQuestions(wordAnswer(answerQuestion(input))).flatMap(
    ({ question, texts: own }) => own.map((text) => ({ question, text })),
  );
  const length = Math.max(texts.length, shown.length);
  return Array.from({ length }, (_, place) => ({
    candidate: data.candidate,
    figure: texts[place]?.question ?? "The answer",
    printed: shown[place] ?? null,
    computed: texts[place]?.text ?? null,
  }));
}

function judgeAgain(
  { candidate, looks, state, printed }: CandidateLooks,
  context: Context,
): readonly Compared[] {
  const { gates, isComparable, isRegistered } = context.verdict;
  const assessed = looks.map(({ own, others }) => assess([own, ...others], context));
  const last = assessed.at(-1);
  const srmAlarm = isRegistered && last !== undefined && isAllocationAlarm(last.analysis, gates);
  const history = assessed.map(({ look }) =>
    isComparable ? look : { ...look, criteria: { ...look.criteria, cost: NO_COST } },
  );
  // The report prints the names of holds that the gates know.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const held = state.held as NonNullable<GateState["held"]>;
  const { verdict } = decideGate(history, { ...state, held, srmAlarm }, gates);
  const computed: Readonly<Record<string, unknown>> =
    last === undefined ? {} : { ...figuresOf(last.analysis) };
  const figures = Object.entries(printed.figures)
    // Without comparable costs the report prints no figure made of them.
    .filter(([, value]) => isComparable || value !== null)
    .map(([figure, value]) => ({ candidate, figure, printed: value, computed: computed[figure] }));
  return [
    { candidate, figure: "verdict", printed: printed.verdict, computed: SHOWN[verdict] },
    ...figures,
  ];
}

function assess(places: readonly number[], context: Context) {
  const { baseline, rootSeed, gates, registered, looks } = context.verdict;
  const candidates = places.flatMap((place): readonly LookedAt[] => {
    const look = looks[place];
    if (look === undefined) return [];
    const { capped, deterministicRegressions, fingerprint } = look;
    return [{ ...countedOf(look, context), capped, deterministicRegressions, fingerprint }];
  });
  const [own] = assessCandidates({ baseline, rootSeed, gates, candidates, registered });
  if (own === undefined) throw new TypeError("Expected the data of a look.");
  return own;
}

function countedOf(counted: CountedData, { verdict, windows }: Context) {
  const { features, families, repositories, costCap } = verdict;
  const schedule = counted.schedule.map((place) => features[place] ?? "");
  return {
    candidate: counted.candidate,
    windows: counted.windows.flatMap((place) => windows[place] ?? []),
    schedule,
    unresolved: counted.unresolved === 0 ? [] : schedule.slice(-counted.unresolved),
    families: new Map(Object.entries(families)),
    repositories: new Map(Object.entries(repositories)),
    costCap,
  };
}

/** The windows as the analysis reads them. */
function readWindows({
  windows: { windows },
  requests,
}: Checked): readonly (AnalysedWindow | null)[] {
  let first = 0;
  return requests.counts.map((count, place) => {
    const from = first;
    first += count;
    const { cost, ...window } = rowAt(windows, place);
    if (cost === null || window.state !== "valid") return null;
    return {
      feature: window.feature_id,
      replicate: window.replicate,
      provider: window.provider,
      period: window.period,
      cost,
      quality: window.quality,
      errors: window.errors,
      requests: window.requests,
      latenciesMs: latenciesOf(modelRequests(requests, from, from + count)),
    };
  });
}

function modelRequests({ requests }: RequestData, from: number, to: number) {
  return Array.from({ length: to - from }, (_, index) => from + index)
    .filter((at) => requests.isModel[at] === true)
    .map((at) => ({
      fate: FATES[requests.fate[at] ?? -1] ?? "abandoned",
      latency_ms: requests.latencyMs[at] ?? null,
    }));
}

function isAlike(one: unknown, other: unknown): boolean {
  if (typeof one === "number" && typeof other === "number") {
    return Math.abs(one - other) <= TOLERANCE * Math.max(1, Math.abs(one), Math.abs(other));
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((each, index) => isAlike(each, other[index]));
  }
  return (one ?? null) === (other ?? null);
}

function say(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
}
