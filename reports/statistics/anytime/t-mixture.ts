import { requireDomain } from "../domain-error.ts";
import { logTCdf } from "../numerics/student-t.ts";
import { differenceBeyondRounding } from "../t-test.ts";

/** What a period-adjusted fit says so far. */
export interface MixtureEvidence {
  readonly estimate: number;
  readonly sd: number;
  readonly nEff: number;
  readonly df: number;
}

/** The null value and the precision of the prior on effect / sd. */
export interface MixtureNull {
  readonly nullValue: number;
  readonly g: number;
}

/** Natural logarithms of e-values, in three directions. */
export interface MixtureLogE {
  /** Against "the effect is at most the null value". */
  readonly greater: number;
  /** Against "the effect is at least the null value". */
  readonly less: number;
  readonly twoSided: number;
}

const NO_EVIDENCE: MixtureLogE = { greater: 0, less: 0, twoSided: 0 };

/**
 * How strongly do the data speak against a null effect, at any time of looking? The t-mixture
 * e-value: the likelihood ratio of the t statistic, averaged over a half-normal prior (one-sided) or
 * a normal prior (two-sided) on effect / sd.
 *
 * For normal errors, whatever their variance and the period effect, it ever reaches 1/alpha with
 * probability at most alpha under the null hypothesis, however often one looks. Never multiply or
 * average e-values of different metrics.
 *
 * Source: Lindon, Ham, Tingley & Bojinov, arXiv:2210.08589; Wang & Ramdas, arXiv:2310.03722.
 *
 * @example
 * tMixtureLogE({ estimate: 1, sd: 0.5, nEff: 8, df: 6 }, { nullValue: 0, g: 1 }).greater; // 4.424861019256022
 */
export function tMixtureLogE(
  evidence: MixtureEvidence,
  { nullValue, g }: MixtureNull,
): MixtureLogE {
  const { estimate, sd, nEff, df } = evidence;
  requireDomain(g > 0 && g < Infinity, "a positive prior precision g", g);
  if (df < 1 || nEff <= 0) return NO_EVIDENCE;
  const difference =
    sd === 0 ? differenceBeyondRounding(estimate, nullValue) : estimate - nullValue;
  if (sd === 0 && difference === 0) return NO_EVIDENCE;
  const shrinkage = g / (g + nEff);
  const { logM, x } = mixture({ shrinkage, df, u: squaredSignal(evidence, difference) });
  const signed = Math.sign(difference) * x;
  return {
    greater: Math.LN2 + logM + logTCdf(signed, df + 1),
    less: Math.LN2 + logM + logTCdf(-signed, df + 1),
    twoSided: logM,
  };
}

function squaredSignal({ sd, nEff, df }: MixtureEvidence, difference: number): number {
  return sd === 0 ? Infinity : ((difference / sd) * (difference / sd) * nEff) / df;
}

/** The two-sided log e-value and the t value whose tail makes it one-sided. */
function mixture({
  shrinkage,
  df,
  u,
}: {
  readonly shrinkage: number;
  readonly df: number;
  readonly u: number;
}): { readonly logM: number; readonly x: number } {
  const logGain = u === Infinity ? -Math.log(shrinkage) : Math.log1p(u) - Math.log1p(shrinkage * u);
  const logM = 0.5 * Math.log(shrinkage) + ((df + 1) / 2) * logGain;
  const share = u === Infinity ? 1 - shrinkage : ((1 - shrinkage) * u) / (1 + u);
  return { logM, x: Math.sqrt(df + 1) * Math.sqrt(share / (1 - share)) };
}
