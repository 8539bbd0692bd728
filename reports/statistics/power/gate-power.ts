import { powerGreater, sdUpperLimit, type DesignSize } from "./power.ts";

const CONSERVATIVE_LEVEL = 0.8;

/** Spread and size of one criterion's analysis. */
export interface CriterionDesign extends DesignSize {
  readonly sd: number;
}

/** What the gate's power is computed from; a part that is not available is null. */
export interface GatePowerInput {
  readonly cost: CriterionDesign | null;
  /** The design of the contrast B − rho·A. */
  readonly quality: CriterionDesign | null;
  readonly meanQualityA: number | null;
  /** True saving that must be found; 2 by default. */
  readonly costTarget?: number;
  /** Share of quality to be kept; 0.8 by default. */
  readonly rho?: number;
  /** One-sided; 0.05 by default. */
  readonly alpha?: number;
}

/** The gate's power; `null`: the data do not support a number. */
export type GatePower = ReturnType<typeof gatePower>;

/**
 * Could this design find what the gate asks for? A property of spread and size, not of the effect
 * that happened to be observed.
 *
 * Source: Hoenig & Heisey, Am Stat 2001;55:19.
 */
export function gatePower(input: GatePowerInput) {
  const { powerCost, powerQuality } = bothPowers(input);
  const cautious = bothPowers({
    ...input,
    cost: atUpperLimit(input.cost),
    quality: atUpperLimit(input.quality),
  });
  return {
    /** The smaller of both. */
    power: smaller(powerCost, powerQuality),
    /** The chance to find any saving if the true one is `costTarget`. */
    powerCost,
    /** The chance to show non-inferiority if the true qualities are equal. */
    powerQuality,
    /** The smaller of both with spreads at their 80 % upper confidence limit. */
    powerConservative: smaller(cautious.powerCost, cautious.powerQuality),
  };
}

function bothPowers(input: GatePowerInput) {
  const { cost, quality, meanQualityA, costTarget = 2, rho = 0.8, alpha = 0.05 } = input;
  const margin = meanQualityA === null ? null : (1 - rho) * meanQualityA;
  return {
    powerCost: cost && powerGreater({ ...cost, delta: Math.log(costTarget), alpha }),
    powerQuality:
      quality && margin !== null ? powerGreater({ ...quality, delta: margin, alpha }) : null,
  };
}

function atUpperLimit(design: CriterionDesign | null): CriterionDesign | null {
  if (design === null || design.df < 1) return design;
  return { ...design, sd: sdUpperLimit(design, CONSERVATIVE_LEVEL) };
}

function smaller(first: number | null, second: number | null): number | null {
  return first === null || second === null ? null : Math.min(first, second);
}
