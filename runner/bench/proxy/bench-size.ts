import { processEnvironment } from "../../environment.ts";

/** How many of something a bench does: as the environment says, e.g. `BENCH_RUNS=10`, else its own number. */
export function benchSize(variable: string, otherwise: number): number {
  const text = processEnvironment().variables[variable] ?? "";
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : otherwise;
}
