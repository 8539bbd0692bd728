import { fitPrefixes, type PrefixFits } from "../prefix-fits.ts";
import type { Interval } from "../t-interval.ts";
import { signLogEByPrefix } from "./sign-e-process.ts";
import { tConfidenceSequence, tLowerBound } from "./t-confidence-sequence.ts";
import { tMixtureLogE, type MixtureEvidence, type MixtureLogE } from "./t-mixture.ts";

const USABLE_FROM_PAIRS = 3;
const NO_EVIDENCE: MixtureLogE = { greater: 0, less: 0, twoSided: 0 };

/** Log ratios in schedule order, the longest prefix of the schedule whose pairs are resolved. */
export interface CostEProcessInput {
  readonly d: readonly number[];
  /** Mean sequence sign of each feature. */
  readonly z: readonly number[];
  /** What {@link fitPrefixes} says of d and z, where it is known. */
  readonly fits?: PrefixFits;
  /** The ratio tested, 1 or 2. */
  readonly null: number;
  /** Prior precision; 1 by default. */
  readonly g?: number;
  /** 0.05 by default. */
  readonly alpha?: number;
}

/** The state of evidence at the last pair; null while it is not usable. */
export interface CostEvidence {
  readonly tau: number;
  readonly sd: number;
  readonly nEff: number;
  readonly df: number;
  readonly cs95Lower: number;
  readonly cs95Upper: number;
  readonly oneSidedLower: number;
  readonly ratioCs95Lower: number;
  readonly ratioCs95Upper: number;
  readonly ratioOneSidedLower: number;
}

/** Evidence about a cost ratio after every pair, valid at any time of looking. */
export interface CostEProcess {
  /** Against "the ratio is at most the null": natural logarithms, one per pair. */
  readonly logEGreater: readonly number[];
  /** Against "the ratio is at least the null". */
  readonly logELess: readonly number[];
  readonly logETwoSided: readonly number[];
  /** Against "at least half of the ratios are at most the null", from signs alone. */
  readonly signLogE: readonly number[];
  /** Against "at least half of the ratios are at least the null", from signs alone. */
  readonly signLogELess: readonly number[];
  /** The smallest p-value so far, 1/E: valid however often one looked. */
  readonly pAnytime: number;
  readonly final: CostEvidence | null;
}

/**
 * Is the candidate that many times cheaper, whenever one looks? The t-mixture e-process with its
 * confidence sequence, and the sign e-process beside it.
 *
 * Pairs must come in schedule order: cheap runs finish first, and the order of completion would bias
 * early looks. Evidence is 0 below three pairs and while one sequence alone is present.
 */
export function costEProcess(input: CostEProcessInput): CostEProcess {
  const { d, z, g = 1 } = input;
  const nullValue = Math.log(input.null);
  const evidence = (input.fits ?? fitPrefixes(d, z)).map((fit, index) =>
    index + 1 < USABLE_FROM_PAIRS ? null : fit,
  );
  const logE = evidence.map((fit) => (fit ? tMixtureLogE(fit, { nullValue, g }) : NO_EVIDENCE));
  const logEGreater = logE.map(({ greater }) => greater);
  return {
    logEGreater,
    logELess: logE.map(({ less }) => less),
    logETwoSided: logE.map(({ twoSided }) => twoSided),
    signLogE: signLogEByPrefix(d.map((value) => value > nullValue)),
    signLogELess: signLogEByPrefix(d.map((value) => value < nullValue)),
    pAnytime: logEGreater.reduce((least, value) => Math.min(least, Math.exp(-value)), 1),
    final: finalEvidence(evidence.at(-1) ?? null, input),
  };
}

function finalEvidence(
  evidence: MixtureEvidence | null,
  { g = 1, alpha = 0.05 }: CostEProcessInput,
): CostEvidence | null {
  if (evidence === null) return null;
  const cs: Interval = tConfidenceSequence(evidence, { alpha, g });
  const oneSidedLower = tLowerBound(evidence, { alpha, g });
  return {
    tau: evidence.estimate,
    sd: evidence.sd,
    nEff: evidence.nEff,
    df: evidence.df,
    cs95Lower: cs.lower,
    cs95Upper: cs.upper,
    oneSidedLower,
    ratioCs95Lower: Math.exp(cs.lower),
    ratioCs95Upper: Math.exp(cs.upper),
    ratioOneSidedLower: Math.exp(oneSidedLower),
  };
}
