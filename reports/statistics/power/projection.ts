import { type SequenceLevel, tMixtureLogE } from "../anytime/t-mixture.ts";
import { relativeWidth } from "../core/t-inference.ts";
import { powerGreater, splitSize, type DesignSize } from "./power.ts";
import { firstIndex } from "./sample-size.ts";

/** The defaults of the statistical specification. */
export const DEFAULT_PROJECTION = {
  minPairs: 3,
  ciWidthMax: 0.3,
  powerMin: 0.8,
  alpha: 0.05,
  ratioTarget: 2,
  evidenceNull: 2,
  g: 1,
  maxExtra: 500,
};

/** The thresholds that the projection runs against. */
export type ProjectionConfig = Readonly<Record<keyof typeof DEFAULT_PROJECTION, number>>;

/** The present state of an experiment. */
export interface ProjectionStart {
  /** Estimated effect (log ratio), held fixed. */
  readonly tau: number;
  /** Its standard deviation by pair, held fixed. */
  readonly sdDiff: number;
  readonly nAB: number;
  readonly nBA: number;
}

/** Pairs still missing for each condition; null if 500 more are not enough. */
export type Projection = ReturnType<typeof projectPairs>;

/**
 * How many more windows until the cost part of the gate can open, if effect and spread stay as
 * estimated? Adds pairs to the smaller sequence (AB on ties), until each condition holds.
 *
 * The answer is optimistic. With `sdDiff` at its upper confidence limit it is cautious. The gate opens
 * one pair later at the earliest, because two looks must qualify.
 *
 * @example
 * projectPairs({ tau: 1.1, sdDiff: 0.5, nAB: 2, nBA: 2 }).extraWindows; // 84
 */
export function projectPairs(
  start: ProjectionStart,
  config: ProjectionConfig = DEFAULT_PROJECTION,
) {
  const sizes = growingSizes(start, config.maxExtra);
  const extraForMinPairs = firstExtra(sizes, ({ n }) => n >= config.minPairs);
  const extraForCiWidth = firstExtra(sizes, ({ nEff, df }) => {
    const se = start.sdDiff / Math.sqrt(nEff);
    return relativeWidth({ se, df }) <= config.ciWidthMax;
  });
  const extraForPower = firstExtra(sizes, (size) => isPowerful(size, start, config));
  const found = sizes.findIndex((size) => size.isUsable && isEvident(size, start, config));
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

/**
 * Pairs until the interval that holds at every look leaves out a ratio of 1, if effect and spread stay
 * as estimated; null if 500 more are not enough.
 *
 * @example
 * pairsToLeaveOutOne({ tau: 0.9, sdDiff: 0.5, nAB: 2, nBA: 2 }, { alpha: 0.05, g: 1 }); // 5
 */
export function pairsToLeaveOutOne(
  start: ProjectionStart,
  { alpha, g }: SequenceLevel,
): number | null {
  const { tau: estimate, sdDiff: sd } = start;
  const found = growingSizes(start, DEFAULT_PROJECTION.maxExtra).findIndex(
    ({ nEff, df, isUsable }) =>
      isUsable &&
      tMixtureLogE({ estimate, sd, nEff, df }, { nullValue: 0, g }).twoSided >= -Math.log(alpha),
  );
  return found === -1 ? null : found;
}

interface Size extends DesignSize {
  readonly isUsable: boolean;
  readonly n: number;
}

function growingSizes({ nAB, nBA }: ProjectionStart, maxExtra: number): readonly Size[] {
  let ab = nAB;
  let ba = nBA;
  return Array.from({ length: maxExtra + 1 }, () => {
    const n = ab + ba;
    const size = { ...splitSize(ab, ba), n, isUsable: n >= 3 && ab > 0 && ba > 0 };
    if (ab <= ba) ab += 1;
    else ba += 1;
    return size;
  });
}

/** The first size at which a condition holds that more pairs never undo. */
function firstExtra(sizes: readonly Size[], holds: (size: Size) => boolean): number | null {
  return firstIndex(sizes.length - 1, (index) =>
    sizes.slice(index, index + 1).every((size) => size.isUsable && holds(size)),
  );
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
