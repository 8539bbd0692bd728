import { mean } from "simple-statistics";

import { logWealthByPrefix } from "../anytime/bounded-mean-bet.ts";
import {
  meanConfidenceSequence,
  ratioLowerBound,
  ratioUpperBound,
} from "../anytime/quality-bounds.ts";
import { once } from "../once.ts";
import { openRepeatedStream } from "../randomisation/repeated-stream.ts";
import type { AnalysisStatus } from "../status.ts";
import { contrastsOf, testContrast, type ContrastTest } from "./contrast-test.ts";
import { fiellerInterval, type FiellerInterval } from "./fieller-interval.ts";
import type { PairedScores } from "./scores.ts";
import { signFlipDraws, signFlipTests, type SignFlipTest } from "./sign-flip-test.ts";
import { signedRankTest, type SignedRankTest } from "./signed-rank-test.ts";

/** What the analysis of quality is computed from. */
export interface QualityInput extends PairedScores {
  /** Opens the stream `permutation|quality`, drawn from beyond 20 features only. */
  readonly rootSeed: string;
  /** The share of the baseline's quality that must be kept; 0.8 by default. */
  readonly rho?: number;
  /** 0.05 by default, one-sided. */
  readonly alpha?: number;
  /** Stakes mixed by the bets; 20 by default. */
  readonly gridK?: number;
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
export interface Quality {
  readonly status: AnalysisStatus;
  /** Which value is impossible, where the status is `invalid_input`. */
  readonly problem: string | null;
  readonly n: number | null;
  readonly meanA: number | null;
  readonly meanB: number | null;
  readonly ratio: number | null;
  readonly fieller90: FiellerInterval | null;
  readonly fieller95: FiellerInterval | null;
  readonly fieller90PeriodAdjusted: FiellerInterval | null;
  readonly contrastT: ContrastTest | null;
  readonly contrastTPeriodAdjusted: ContrastTest | null;
  readonly contrastSignFlip: SignFlipTest | null;
  readonly contrastWilcoxon: SignedRankTest | null;
  readonly dropT: ContrastTest | null;
  readonly dropTPeriodAdjusted: ContrastTest | null;
  readonly dropSignFlip: SignFlipTest | null;
  readonly dropWilcoxon: SignedRankTest | null;
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
  meanA: null,
  meanB: null,
  ratio: null,
  fieller90: null,
  fieller95: null,
  fieller90PeriodAdjusted: null,
  contrastT: null,
  contrastTPeriodAdjusted: null,
  contrastSignFlip: null,
  contrastWilcoxon: null,
  dropT: null,
  dropTPeriodAdjusted: null,
  dropSignFlip: null,
  dropWilcoxon: null,
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
  const { a, b, rho = 0.8, alpha = 0.05 } = input;
  const n = a.length;
  if (n === 0) return NOTHING;
  const meanA = mean(a);
  const meanB = mean(b);
  const point = { n, meanA, meanB, ratio: meanA === 0 ? null : meanB / meanA };
  const tests = { ...parametricTests(input, rho), ...signFlips(input, rho) };
  const dropTestable = (tests.dropSignFlip?.minAttainableP ?? 1) <= alpha;
  const status = statusOf(n, tests.contrastTPeriodAdjusted ?? tests.contrastT ?? null);
  const contrastWilcoxon = once(() => signedRankTest(contrastsOf(input, rho)));
  const dropWilcoxon = once(() => signedRankTest(contrastsOf(input, 1)));
  return {
    ...NOTHING,
    ...point,
    ...tests,
    status,
    dropTestable,
    betting: bets(input, rho, alpha),
    // A look after every pair decides without these, and they take longest.
    get contrastWilcoxon() {
      return contrastWilcoxon();
    },
    get dropWilcoxon() {
      return dropWilcoxon();
    },
  };
}

function statusOf(n: number, contrast: ContrastTest | null): AnalysisStatus {
  if (n < 2 || contrast === null) return "insufficient";
  return contrast.se === 0 ? "zero_variance" : "ok";
}

function parametricTests({ a, b, z }: PairedScores, rho: number): Partial<Quality> {
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

function signFlips(scores: QualityInput, rho: number): Partial<Quality> {
  const [contrastSignFlip, dropSignFlip] = signFlipTests(
    contrastsOf(scores, rho),
    contrastsOf(scores, 1),
    openRepeatedStream(scores.rootSeed, "permutation|quality", signFlipDraws(scores.a.length)),
  );
  return { contrastSignFlip, dropSignFlip };
}

function bets({ a, b, gridK: grid = 20 }: QualityInput, rho: number, alpha: number): QualityBets {
  const contrasts = contrastsOf({ a, b }, rho);
  const shortfalls = contrasts.map((contrast) => -contrast);
  const ratioLower = once(() => ratioLowerBound({ a, b }, { alpha, grid }));
  const ratioUpper = once(() => ratioUpperBound({ a, b }, { alpha, grid }));
  const meanCsA = once(() => meanConfidenceSequence(a, { alpha, grid }));
  const meanCsB = once(() => meanConfidenceSequence(b, { alpha, grid }));
  return {
    logENonInferior: logWealthByPrefix(contrasts, { bound: rho, grid }),
    logEInferior: logWealthByPrefix(shortfalls, { bound: 1, grid }),
    get ratioLower() {
      return ratioLower();
    },
    get ratioUpper() {
      return ratioUpper();
    },
    get meanCsA() {
      return meanCsA();
    },
    get meanCsB() {
      return meanCsB();
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
