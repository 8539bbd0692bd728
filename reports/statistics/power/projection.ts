import { tMixtureLogE } from "../anytime/t-mixture.ts";
import { tQuantile } from "../numerics/student-t-quantile.ts";
import { splitSize, type DesignSize } from "./design-size.ts";
import { powerGreater } from "./power-greater.ts";
import { firstIndex } from "./sample-size.ts";

/** The thresholds that the projection runs against. */
export interface ProjectionConfig {
  readonly minPairs: number;
  readonly ciWidthMax: number;
  readonly powerMin: number;
  readonly alpha: number;
  readonly ratioTarget: number;
  readonly evidenceNull: number;
  readonly g: number;
  readonly maxExtra: number;
}

/** The defaults of the statistical specification. */
export const DEFAULT_PROJECTION: ProjectionConfig = {
  minPairs: 3,
  ciWidthMax: 0.3,
  powerMin: 0.8,
  alpha: 0.05,
  ratioTarget: 2,
  evidenceNull: 2,
  g: 1,
  maxExtra: 500,
};

/** Where an experiment stands. */
export interface ProjectionStart {
  /** Estimated effect (log ratio), held fixed. */
  readonly tau: number;
  /** Its standard deviation by pair, held fixed. */
  readonly sdDiff: number;
  readonly nAB: number;
  readonly nBA: number;
}

/** Pairs still missing for each condition; null where 500 more would not do. */
export interface Projection {
  readonly extraForMinPairs: number | null;
  readonly extraForCiWidth: number | null;
  readonly extraForPower: number | null;
  readonly extraForEvidence: number | null;
  readonly extraPairs: number | null;
  readonly extraWindows: number | null;
}

/**
 * How many more windows until the cost part of the gate can open, if effect and spread stay as
 * estimated? Adds pairs to the smaller sequence (AB on ties), until each condition holds.
 *
 * An optimistic answer: with `sdDiff` at its upper confidence limit it is a cautious one. The gate
 * itself opens one pair later at the earliest, since two looks must qualify.
 *
 * @example
 * projectPairs({ tau: 1.1, sdDiff: 0.5, nAB: 2, nBA: 2 }).extraWindows; // 84
 */
export function projectPairs(
  start: ProjectionStart,
  config: ProjectionConfig = DEFAULT_PROJECTION,
): Projection {
  const sizes = growingSizes(start, config.maxExtra);
  const extraForMinPairs = firstExtra(sizes, ({ n }) => n >= config.minPairs);
  const extraForCiWidth = firstExtra(sizes, (size) => isNarrow(size, start, config));
  const extraForPower = firstExtra(sizes, (size) => isPowerful(size, start, config));
  const found = sizes.findIndex((size) => isUsable(size) && isEvident(size, start, config));
  const extraForEvidence = found === -1 ? null : found;
  const all = [extraForMinPairs, extraForCiWidth, extraForPower, extraForEvidence];
  const known = all.filter((extra) => extra !== null);
  const extraPairs = known.length < all.length ? null : Math.max(...known);
  return {
    extraForMinPairs,
    extraForCiWidth,
    extraForPower,
    extraForEvidence,
    extraPairs,
    extraWindows: extraPairs === null ? null : 2 * extraPairs,
  };
}

interface Size extends DesignSize {
  readonly n: number;
  readonly hasBothSequences: boolean;
}

function growingSizes({ nAB, nBA }: ProjectionStart, maxExtra: number): readonly Size[] {
  let ab = nAB;
  let ba = nBA;
  return Array.from({ length: maxExtra + 1 }, () => {
    const size = { ...splitSize(ab, ba), n: ab + ba, hasBothSequences: ab > 0 && ba > 0 };
    if (ab <= ba) ab += 1;
    else ba += 1;
    return size;
  });
}

function isUsable({ n, hasBothSequences }: Size): boolean {
  return n >= 3 && hasBothSequences;
}

/** The first size at which a condition holds that more pairs never undo. */
function firstExtra(sizes: readonly Size[], holds: (size: Size) => boolean): number | null {
  return firstIndex(sizes.length - 1, (index) =>
    sizes.slice(index, index + 1).every((size) => isUsable(size) && holds(size)),
  );
}

function isNarrow(size: Size, { sdDiff }: ProjectionStart, { ciWidthMax }: ProjectionConfig) {
  const se = sdDiff / Math.sqrt(size.nEff);
  return 2 * Math.sinh(tQuantile(0.975, size.df) * se) <= ciWidthMax;
}

function isPowerful({ nEff, df }: Size, { sdDiff }: ProjectionStart, config: ProjectionConfig) {
  const { ratioTarget, alpha, powerMin } = config;
  const power = powerGreater({ delta: Math.log(ratioTarget), sd: sdDiff, nEff, df, alpha });
  return (power ?? 0) >= powerMin;
}

function isEvident({ nEff, df }: Size, { tau, sdDiff }: ProjectionStart, config: ProjectionConfig) {
  const tested = { nullValue: Math.log(config.evidenceNull), g: config.g };
  const { greater } = tMixtureLogE({ estimate: tau, sd: sdDiff, nEff, df }, tested);
  return greater >= -Math.log(config.alpha);
}
