import { openStream, type Rng } from "./stream.ts";

/** 32 MiB a purpose. */
const REMEMBERED_MAX = 2 ** 22;

interface Remembered {
  readonly rootSeed: string;
  readonly draw: Rng;
  values: Float64Array;
  filled: number;
}

const byPurpose = new Map<string, Remembered>();

/**
 * The stream that {@link openStream} opens, for at most `draws` numbers. What was drawn last for the
 * purpose is remembered, because every look of an experiment draws the same numbers again and a few
 * more.
 *
 * @throws RangeError where more than `draws` are drawn.
 */
export function openRepeatedStream(rootSeed: string, purpose: string, draws: number): Rng {
  if (draws > REMEMBERED_MAX) return openStream(rootSeed, purpose);
  const numbers = recall(rootSeed, purpose, draws);
  let next = 0;
  return () => {
    const number = numbers[next];
    if (number === undefined) throw new RangeError(`Expected at most ${draws} draws.`);
    next += 1;
    return number;
  };
}

function recall(rootSeed: string, purpose: string, draws: number): Float64Array {
  const known = byPurpose.get(purpose);
  const stream =
    known?.rootSeed === rootSeed
      ? known
      : { rootSeed, draw: openStream(rootSeed, purpose), values: new Float64Array(0), filled: 0 };
  byPurpose.set(purpose, stream);
  fill(stream, draws);
  return stream.values.subarray(0, draws);
}

function fill(stream: Remembered, draws: number): void {
  if (stream.values.length < draws) {
    const larger = new Float64Array(Math.min(REMEMBERED_MAX, Math.max(draws, 2 * stream.filled)));
    larger.set(stream.values.subarray(0, stream.filled));
    stream.values = larger;
  }
  for (; stream.filled < draws; stream.filled += 1) stream.values[stream.filled] = stream.draw();
}
