import { mean } from "simple-statistics";

import {
  logWealth,
  wealthOf,
  meanConfidenceSequence,
  ratioLowerBound,
  ratioUpperBound,
  type BettingLevel,
  type BoundedBet,
} from "../anytime/bounded-mean-bet.ts";
import {
  contrastsOf,
  testContrast,
  type ContrastTest,
  type PairedScores,
} from "../core/contrast.ts";
import type { GrowingResults } from "../core/growing-results.ts";
import { noneOf, type AnalysisStatus, type Figures, type Possible } from "../core/status.ts";
import { firstIndex } from "../power/sample-size.ts";
import { ReplayStream } from "../randomisation/replay-stream.ts";
import { openStream } from "../randomisation/stream.ts";
import { fiellerInterval, type FiellerInterval } from "./fieller-interval.ts";
import { type FlipMemory, signFlipTest, type SignFlipTest } from "./sign-flip-test.ts";
import { signedRankTest, type SignedRankTest } from "./signed-rank-test.ts";

const DEFAULT_RHO = 0.8;
const FEATURES_MAX = 500;

/** What the analysis of quality is computed from. */
export interface QualityInput extends PairedScores {
  /** Scores of the units that the bets may use, in schedule order; by default all. */
  readonly inSchedule?: PairedScores;
  /** Opens the stream `permutation|quality`, drawn from beyond 20 features only. */
  readonly rootSeed: string;
  /** The share of the baseline's quality that must be kept; 0.8 by default. */
  readonly rho?: number;
  /** 0.05 by default, one-sided. */
  readonly alpha?: number;
  /** Stakes mixed by the bets; 20 by default. */
  readonly gridK?: number;
  readonly memory?: QualityMemory | undefined;
}

/** What looks at more and more features with the same settings need not work out again. */
export interface QualityMemory {
  /** What both tests flip their signs by. */
  stream?: ReplayStream;
  readonly contrastFlips: FlipMemory;
  readonly dropFlips: FlipMemory;
  kept?: GrowingResults<number, number>;
  lost?: GrowingResults<number, number>;
}

export function qualityMemory(): QualityMemory {
  return { contrastFlips: {}, dropFlips: {} };
}

/** What bets on bounded scores say, valid at any time of looking. Natural logarithms. */
export interface QualityBets {
  /** Against "B keeps at most rho", by prefix of the features as given. */
  readonly logENonInferior: readonly number[];
  /** Against "B keeps at least rho", by prefix. */
  readonly logEInferior: readonly number[];
  /** Bounds of mean(B) / mean(A), each one-sided at alpha. */
  readonly ratioLower: number;
  readonly ratioUpper: number;
  /** Two-sided intervals of each arm's mean. */
  readonly meanCsA: readonly [number, number];
  readonly meanCsB: readonly [number, number];
}

/** Everything said about quality. `null`: not available. */
export interface Quality
  extends
    Figures<"n" | "meanA" | "meanB" | "ratio">,
    Possible<"fieller90" | "fieller95" | "fieller90PeriodAdjusted", FiellerInterval>,
    Possible<"contrastT" | "contrastTPeriodAdjusted", ContrastTest>,
    Possible<"dropT" | "dropTPeriodAdjusted", ContrastTest>,
    Possible<"contrastSignFlip" | "dropSignFlip", SignFlipTest>,
    Possible<"contrastWilcoxon" | "dropWilcoxon", SignedRankTest> {
  readonly status: AnalysisStatus;
  /** Names the impossible value if the status is `invalid_input`. */
  readonly problem: string | null;
  /** Whether this few features could show a drop at all; if not, no drop shown means nothing. */
  readonly dropTestable: boolean;
  readonly betting: QualityBets;
}

const NO_BETS: QualityBets = {
  logENonInferior: [],
  logEInferior: [],
  ratioLower: 0,
  ratioUpper: Infinity,
  meanCsA: [0, 1],
  meanCsB: [0, 1],
};

const NOTHING: Quality = {
  status: "no_data",
  problem: null,
  n: 0,
  ...noneOf("meanA", "meanB", "ratio", "fieller90", "fieller95", "fieller90PeriodAdjusted"),
  ...noneOf("contrastT", "contrastTPeriodAdjusted", "contrastSignFlip", "contrastWilcoxon"),
  ...noneOf("dropT", "dropTPeriodAdjusted", "dropSignFlip", "dropWilcoxon"),
  dropTestable: false,
  betting: NO_BETS,
};

/**
 * Does the candidate keep enough of the baseline's quality? The ratio of means with Fieller's
 * interval; non-inferiority at `rho` and any drop at 1, each by t, by exact sign flips and by signed
 * ranks; and bets on bounded scores that hold at every look.
 *
 * Assumes independent features. The t test and Fieller's interval assume normal contrasts, the sign
 * flips symmetric ones, the bets nothing beyond scores in [0, 1].
 */
export function analyseQuality(input: QualityInput): Quality {
  const problem = findProblem(input);
  if (problem !== null) return { ...NOTHING, status: "invalid_input", problem, n: null };
  const { a, b, rho = DEFAULT_RHO, alpha = 0.05, gridK: grid = 20, memory } = input;
  const n = a.length;
  if (n === 0) return NOTHING;
  const meanA = mean(a);
  const meanB = mean(b);
  const contrasts = contrastsOf(input, rho);
  const drops = contrastsOf(input, 1);
  const parametric = parametricTests(input, rho);
  // Read from its start for each test, so that both flip the same signs.
  const openFlips = () => openStream(input.rootSeed, "permutation|quality");
  const flips = () =>
    memory === undefined ? openFlips() : (memory.stream ??= new ReplayStream(openFlips())).replay();
  const dropSignFlip = signFlipTest(drops, flips(), memory?.dropFlips);
  return {
    ...NOTHING,
    n,
    meanA,
    meanB,
    ratio: meanA === 0 ? null : meanB / meanA,
    ...parametric,
    contrastSignFlip: signFlipTest(contrasts, flips(), memory?.contrastFlips),
    dropSignFlip,
    dropTestable: dropSignFlip.minAttainableP <= alpha,
    status: statusOf(n, parametric.contrastTPeriodAdjusted ?? parametric.contrastT),
    betting: bets({ ...(input.inSchedule ?? input), rho, memory }, { alpha, grid }),
    // Computed only when read, because they take longest and no look at the gate reads them.
    get contrastWilcoxon() {
      return signedRankTest(contrasts);
    },
    get dropWilcoxon() {
      return signedRankTest(drops);
    },
  };
}

function statusOf(n: number, contrast: ContrastTest | null): AnalysisStatus {
  if (n < 2 || contrast === null) return "insufficient";
  return contrast.se === 0 ? "zero_variance" : "ok";
}

function parametricTests({ a, b, z }: PairedScores, rho: number) {
  const plain = { a, b };
  const adjusted = z === undefined ? null : { a, b, z };
  return {
    fieller90: fiellerInterval(plain, 0.9),
    fieller95: fiellerInterval(plain, 0.95),
    fieller90PeriodAdjusted: adjusted && fiellerInterval(adjusted, 0.9),
    contrastT: testContrast(plain, rho),
    contrastTPeriodAdjusted: adjusted && testContrast(adjusted, rho),
    dropT: testContrast(plain, 1),
    dropTPeriodAdjusted: adjusted && testContrast(adjusted, 1),
  };
}

function bets(
  {
    a,
    b,
    rho,
    memory = qualityMemory(),
  }: PairedScores & Pick<QualityInput, "memory"> & { readonly rho: number },
  level: BettingLevel,
): QualityBets {
  const { grid } = level;
  const contrasts = contrastsOf({ a, b }, rho);
  const shortfalls = contrasts.map((contrast) => -contrast);
  return {
    logENonInferior: (memory.kept ??= wealthOf({ bound: rho, grid })).of(contrasts),
    logEInferior: (memory.lost ??= wealthOf({ bound: 1, grid })).of(shortfalls),
    // Computed only when read, as above.
    get ratioLower() {
      return ratioLowerBound({ a, b }, level);
    },
    get ratioUpper() {
      return ratioUpperBound({ a, b }, level);
    },
    get meanCsA() {
      return meanConfidenceSequence(a, level);
    },
    get meanCsB() {
      return meanConfidenceSequence(b, level);
    },
  };
}

function findProblem({ a, b, z }: PairedScores): string | null {
  if (a.length !== b.length || (z !== undefined && z.length !== a.length)) {
    return `Expected as many scores of A as of B and signs, got ${a.length}, ${b.length} and ${z?.length ?? "none"}.`;
  }
  for (const [arm, scores] of Object.entries({ A: a, B: b })) {
    const wrong = scores.findIndex((score) => !(score >= 0 && score <= 1));
    if (wrong !== -1) {
      return `Feature ${wrong + 1}, ${arm}: expected a score between 0 and 1, got ${scores[wrong]}.`;
    }
  }
  return null;
}

/**
 * How many more features until the bets confirm that quality is kept, if each scores as the ones so
 * far do on average? An optimistic answer. Null without a feature, or if 500 more are not enough.
 *
 * @example
 * featuresToConfirm(Array(10).fill(0.2), { rho: 0.8, alpha: 0.05, gridK: 20 }); // 8
 */
export function featuresToConfirm(
  contrasts: readonly number[],
  { rho, alpha, gridK }: { readonly rho: number; readonly alpha: number; readonly gridK: number },
): number | null {
  return featuresToRefute(contrasts, { alpha, bound: rho, grid: gridK });
}

/** The same until the bets confirm that quality is lost. */
export function featuresToContradict(
  contrasts: readonly number[],
  { alpha, gridK }: { readonly alpha: number; readonly gridK: number },
): number | null {
  const shortfalls = contrasts.map((contrast) => -contrast);
  return featuresToRefute(shortfalls, { alpha, bound: 1, grid: gridK });
}

function featuresToRefute(
  values: readonly number[],
  { alpha, ...bet }: BoundedBet & { readonly alpha: number },
): number | null {
  if (values.length === 0) return null;
  const typical = mean(values);
  return firstIndex(FEATURES_MAX, (extra) => {
    const seen = [...values, ...Array.from({ length: extra }, () => typical)];
    return logWealth(seen, bet) >= -Math.log(alpha);
  });
}
