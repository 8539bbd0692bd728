import { GrowingResults, type Step } from "../core/growing-results.ts";
import {
  type MixtureEvidence,
  prefixFits,
  type SignedDifference,
} from "../core/period-adjusted-fit.ts";
import { betaReg } from "../numerics/beta.ts";
import { lgamma } from "../numerics/log-gamma.ts";
import { tConfidenceSequence, tLowerBound, tMixtureLogE, type MixtureLogE } from "./t-mixture.ts";

const USABLE_FROM_PAIRS = 3;
const NO_EVIDENCE: MixtureLogE = { greater: 0, less: 0, twoSided: 0 };

/** Log ratios in schedule order, the longest prefix of the schedule whose pairs are resolved. */
export interface CostEProcessInput {
  readonly d: readonly number[];
  /** Mean sequence sign of each feature. */
  readonly z: readonly number[];
  /** The ratio tested, 1 or 2. */
  readonly null: number;
  /** Prior precision; 1 by default. */
  readonly g?: number;
  /** 0.05 by default. */
  readonly alpha?: number;
}

/** The state of evidence at the last pair; null while it is not usable. */
export type CostEvidence = NonNullable<ReturnType<typeof finalEvidence>>;

/** Evidence about a cost ratio after every pair, valid at any time of looking. */
export type CostEProcess = ReturnType<typeof costEProcess>;

/**
 * Is the candidate that many times cheaper, however often you look? The t-mixture e-process with its
 * confidence sequence, and the sign e-process.
 *
 * Pairs must come in schedule order: cheap runs finish first, and the order of completion would bias
 * early looks. Evidence is 0 below three pairs and while only one sequence is present.
 */
export function costEProcess(input: CostEProcessInput, memory: CostMemory = costMemory(input)) {
  const { d, z } = input;
  const moments = memory.of(d.map((value, index) => ({ d: value, z: z[index] ?? 0 })));
  const logEGreater = moments.map(({ logE }) => logE.greater);
  return {
    /** Against "the ratio is at most the null": natural logarithms, one per pair. */
    logEGreater,
    /** Against "the ratio is at least the null". */
    logELess: moments.map(({ logE }) => logE.less),
    logETwoSided: moments.map(({ logE }) => logE.twoSided),
    /** Against "at least half of the ratios are at most the null", from signs only. */
    signLogE: moments.map((moment) => moment.signLogE),
    /** Against "at least half of the ratios are at least the null", from signs only. */
    signLogELess: moments.map((moment) => moment.signLogELess),
    /** The smallest p-value so far, 1/E: valid however often you look. */
    pAnytime: logEGreater.reduce((least, value) => Math.min(least, Math.exp(-value)), 1),
    final: finalEvidence(moments.at(-1)?.fit ?? null, input),
  };
}

/** The evidence after every pair so far, for one null and one prior. */
export type CostMemory = ReturnType<typeof costMemory>;

/** Evidence to which each look adds its new pairs. */
export function costMemory({ null: ratio, g = 1 }: Pick<CostEProcessInput, "null" | "g">) {
  const nullValue = Math.log(ratio);
  return new GrowingResults(
    () => {
      const [takeIn, exceeds, staysBelow] = [prefixFits(), signEvidence(), signEvidence()];
      let pairs = 0;
      return (pair: SignedDifference) => {
        pairs += 1;
        const all = takeIn(pair);
        const fit = pairs < USABLE_FROM_PAIRS ? null : all;
        return {
          fit,
          logE: fit ? tMixtureLogE(fit, { nullValue, g }) : NO_EVIDENCE,
          signLogE: exceeds(pair.d > nullValue),
          signLogELess: staysBelow(pair.d < nullValue),
        };
      };
    },
    (one, other) => one.d === other.d && one.z === other.z,
  );
}

function finalEvidence(
  evidence: MixtureEvidence | null,
  { g = 1, alpha = 0.05 }: CostEProcessInput,
) {
  if (evidence === null) return null;
  const cs = tConfidenceSequence(evidence, { alpha, g });
  const oneSidedLower = tLowerBound(evidence, { alpha, g });
  const { estimate: tau, sd, nEff, df } = evidence;
  return {
    tau,
    sd,
    nEff,
    df,
    cs95Lower: cs.lower,
    cs95Upper: cs.upper,
    oneSidedLower,
    ratioCs95Lower: Math.exp(cs.lower),
    ratioCs95Upper: Math.exp(cs.upper),
    ratioOneSidedLower: Math.exp(oneSidedLower),
  };
}

/** How many of the pairs exceed the null value. */
export interface SignCount {
  readonly above: number;
  readonly n: number;
}

/**
 * How strongly do only the signs speak against "at least half of the pairs save no more than the
 * null value"? The log e-value of a uniform mixture over the chance of exceeding, from ½ to 1.
 *
 * Valid under any distribution and at any time of looking: the companion of the t mixture, which
 * rare very expensive runs can mislead. Ties count as not exceeding.
 *
 * Source: Ville 1939; Howard, Ramdas, McAuliffe & Sekhon, Ann Stat 2021;49:1055.
 *
 * @example
 * Math.exp(signLogE({ above: 7, n: 7 })); // 31.875
 */
export function signLogE({ above, n }: SignCount): number {
  if (n === 0) return 0;
  const a = above + 1;
  const b = n - above + 1;
  const logBeta = lgamma(a) + lgamma(b) - lgamma(a + b);
  return (n + 1) * Math.LN2 + logBeta + betaReg(0.5, a, b).logUpper;
}

/**
 * {@link signLogE} after every pair; `exceeds` says for each pair whether it exceeds the null value.
 *
 * @example
 * signLogEByPrefix([true, true]); // 0.4054651081081644, 0.8472978603872033
 */
export function signLogEByPrefix(exceeds: readonly boolean[]): readonly number[] {
  return exceeds.map(signEvidence());
}

/** {@link signLogE} after each pair that is taken in. */
function signEvidence(): Step<boolean, number> {
  let [above, n] = [0, 0];
  return (exceedsNull) => {
    n += 1;
    if (exceedsNull) above += 1;
    return signLogE({ above, n });
  };
}
