import { processEnvironment } from "../platform/environment/environment.ts";

/** How many of something a bench does. */
interface BenchSize {
  readonly full: number;
  /** With `BENCH_SHORT=1`: enough to see that the bench works, and too few for a figure that means something. */
  readonly short: number;
  /** A variable that says another number, e.g. `BENCH_RUNS=10`. */
  readonly variable?: string;
}

export function benchSize({ full, short, variable }: BenchSize): number {
  const { variables } = processEnvironment();
  const text = variable === undefined ? "" : (variables[variable] ?? "");
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  return isShort() ? short : full;
}

export function isShort(): boolean {
  return processEnvironment().variables["BENCH_SHORT"] === "1";
}
