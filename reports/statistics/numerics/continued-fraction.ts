const TERMS_MAX = 20_000;
const TINY = 1e-300;
const SETTLED = 1e-16;

/** One row of coefficients by index, from 1. */
type Coefficients = (index: number) => number;

/**
 * The value of the continued fraction n₁/(d₁ + n₂/(d₂ + …)), by the modified Lentz method.
 *
 * Stops when a term no longer changes the value by 1e-16, at the latest after 20 000 terms.
 *
 * Source: Thompson & Barnett, J Comput Phys 1986;64:490.
 *
 * @example
 * continuedFraction(() => 1, () => 1); // 0.6180339887498949
 */
export function continuedFraction(numeratorAt: Coefficients, denominatorAt: Coefficients): number {
  let value = TINY;
  let front = TINY;
  let back = 0;
  for (let index = 1; index <= TERMS_MAX; index += 1) {
    const numerator = numeratorAt(index);
    const denominator = denominatorAt(index);
    back = 1 / awayFromZero(denominator + numerator * back);
    front = awayFromZero(denominator + numerator / front);
    const change = front * back;
    value *= change;
    if (Math.abs(change - 1) < SETTLED) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
