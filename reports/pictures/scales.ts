/** The ends of an axis, the lower one first. */
export type Domain = readonly [number, number];

const STEPS = [1, 2, 5];
const TICKS_MAX = 7;
const PAD = 0.06;

/** From the smallest to the largest value, with a little room on both sides; on a log axis by factors. */
export function logDomain(values: readonly number[]): Domain {
  const [low, high] = linearDomain(values.map((value) => Math.log(value)));
  return [Math.exp(low), Math.exp(high)];
}

/** Equal values get room too, so that the axis has a length. */
export function linearDomain(values: readonly number[]): Domain {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (low > high) return [0, 1];
  const room = high > low ? (high - low) * PAD : Math.max(Math.abs(high) * PAD, PAD);
  return [low - room, high + room];
}

/** Round values between the ends of a log axis: 1, 2, 5, 10 …, or evenly spaced ones if it is short. */
export function logTicks([low, high]: Domain): readonly number[] {
  const first = Math.floor(Math.log10(low));
  const decades = Array.from(
    { length: Math.ceil(Math.log10(high)) - first + 1 },
    (_, index) => first + index,
  );
  const within = (value: number) => value >= low && value <= high;
  const ticks = decades
    .flatMap((decade) => STEPS.map((step) => Number((step * 10 ** decade).toPrecision(1))))
    .filter(within);
  if (ticks.length < 3) return linearTicks([low, high]);
  if (ticks.length <= TICKS_MAX) return ticks;
  const tens = decades.map((decade) => Number((10 ** decade).toPrecision(1))).filter(within);
  const every = Math.ceil(tens.length / TICKS_MAX);
  return tens.filter((_, index) => index % every === 0);
}

/** Round values between the ends of an axis. */
export function linearTicks([low, high]: Domain): readonly number[] {
  const rough = (high - low) / (TICKS_MAX - 2);
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((one) => one * decade >= rough) ?? 10) * decade;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, index) =>
    Number(((first + index) * step).toPrecision(6)),
  );
}
