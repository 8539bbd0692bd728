import type { Answer } from "./protocol.ts";

/** A function that acceptance steps pass to the solution, e.g. as its clock. It lives in the solution's process. */
export interface Double {
  readonly answer: (...args: unknown[]) => unknown;
  readonly received: unknown[][];
  answers: readonly Answer[];
}

const RECEIVED_MAX = 10_000;

/** Each call gets the next answer. The last answer repeats. */
export function makeDouble(answers: readonly Answer[]): Double {
  const double: Double = {
    answers,
    received: [],
    answer: (...args) => {
      if (double.received.length < RECEIVED_MAX) double.received.push(args);
      const [next, ...later] = double.answers;
      if (later.length > 0) double.answers = later;
      return give(next);
    },
  };
  return double;
}

function give(answer: Answer | undefined): unknown {
  if (answer?.kind !== "error") return answer?.value;
  const error = new Error(answer.message);
  error.name = answer.name;
  throw error;
}
