import { z } from "zod";

import type { CalibrationRow } from "./run-calibration.ts";

export interface Simulated {
  readonly rootSeed: string;
  readonly reps: number;
}

/** The output of `experiment simulate --json`. */
const CalibrationData = z.strictObject({
  calibration_version: z.literal("1.0.0"),
  seed: z.string(),
  experiments: z.int().positive(),
  rows: z
    .array(
      z.strictObject({
        scenario: z.string(),
        method: z.string(),
        experiments: z.int().positive().nullable(),
        rate: z.number(),
        standard_error: z.number(),
        expectation: z.union([
          z.strictObject({ kind: z.literal("between"), lower: z.number(), upper: z.number() }),
          z.strictObject({ kind: z.literal("at_most"), bound: z.number() }),
          z.strictObject({ kind: z.literal("shown") }),
        ]),
        holds: z.boolean().nullable(),
        /** For gates: the pairs after which half of the experiments have expanded; null if half never do. */
        median_pairs: z.int().positive().nullable().optional(),
      }),
    )
    .readonly(),
});

/** The JSON Schema of `experiment simulate --json`. */
export function calibrationJsonSchema(): object {
  return z.toJSONSchema(CalibrationData);
}

/** The data of `experiment simulate --json`. */
export function calibrationData({ rootSeed, reps }: Simulated, rows: readonly CalibrationRow[]) {
  return CalibrationData.parse({
    calibration_version: "1.0.0",
    seed: rootSeed,
    experiments: reps,
    rows: rows.map(({ mcSe, reps: experiments, medianPairs, ...row }) => ({
      ...row,
      ...(medianPairs === undefined ? {} : { median_pairs: medianPairs }),
      experiments,
      standard_error: mcSe,
    })),
  });
}
