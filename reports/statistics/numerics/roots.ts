/** Natural logarithms of the smallest and the largest number: where ln x can lie. */
export const LOG_RANGE = { low: -745, high: 709 };
const HALVINGS_MAX = 200;
const STEPS_MAX = 200;
const SETTLED = 2e-16;
const STALLED = 1e-14;

/**
 * The point between `low` and `high` at which a condition stops holding. The condition must hold on
 * the low side. Halves the range until both ends meet, at most `halvingsMax` (200) times.
 *
 * @example
 * bisect({ low: 0, high: 2 }, (x) => x * x < 2); // 1.4142135623730951
 */
export function bisect(
  range: { readonly low: number; readonly high: number },
  holds: (x: number) => boolean,
  halvingsMax = HALVINGS_MAX,
): number {
  let { low, high } = range;
  for (let count = 0; count < halvingsMax; count += 1) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The first of `start`, 2·`start`, 4·`start`, … at which a condition no longer holds. Null if it
 * still holds after `doublingsMax` doublings.
 *
 * @example
 * doubleWhile(1, (x) => x < 100, 60); // 128
 */
export function doubleWhile(
  start: number,
  holds: (x: number) => boolean,
  doublingsMax: number,
): number | null {
  let x = start;
  for (let count = 0; count < doublingsMax; count += 1) {
    if (!holds(x)) return x;
    x *= 2;
  }
  return null;
}

/** An increasing function at one point: its value and its slope there. */
interface ValueAndSlope {
  readonly value: number;
  readonly slope: number;
}

/**
 * The root of an increasing function inside a bracket, by Newton's method kept inside the bracket. A
 * step that would leave the bracket, has no usable slope or is not half as long as the one before
 * becomes a bisection.
 *
 * Any number may be the start, NaN included: one outside the bracket is replaced by the middle. Stops
 * when a step is below 2e-16 of x, when short steps no longer shrink, or after 200 steps.
 *
 * @example
 * newtonRoot({ low: 0, high: 2 }, 1, (x) => ({ value: x * x - 2, slope: 2 * x })); // 1.414213562373095
 */
export function newtonRoot(
  bracket: { readonly low: number; readonly high: number },
  start: number,
  evaluate: (x: number) => ValueAndSlope,
): number {
  let { low, high } = bracket;
  let x = isBetween(start, low, high) ? start : (low + high) / 2;
  let previousStep = Infinity;
  for (let count = 0; count < STEPS_MAX; count += 1) {
    const { value, slope } = evaluate(x);
    if (value === 0) return x;
    if (value < 0) low = x;
    else high = x;
    const newton = x - value / slope;
    const isInside = isBetween(newton, low, high);
    const isShrinking = Math.abs(newton - x) <= previousStep / 2;
    if (isInside && !isShrinking && Math.abs(newton - x) <= STALLED * Math.abs(x)) return newton;
    const next = isInside && isShrinking ? newton : (low + high) / 2;
    previousStep = Math.abs(next - x);
    x = next;
    if (previousStep <= SETTLED * Math.abs(x)) break;
  }
  return x;
}

function isBetween(x: number, low: number, high: number): boolean {
  return x > low && x < high;
}
