import { z } from "zod";

import { Count, Estimate, TouchedBy } from "./estimate-data.ts";

const P = z.number().nullable();

/** Three or more providers in one model: least squares of ln cost on task, period and provider. */
export const ArmsFit = z
  .strictObject({
    status: z.enum([
      "ok",
      "zero_variance",
      "no_data",
      "one_sequence",
      "insufficient",
      "invalid_input",
    ]),
    /** Windows that enter: every valid one with a cost, also of incomplete pairs. */
    windows: Count,
    candidates: z
      .array(
        z
          .strictObject({
            candidate: z.string(),
            /** Baseline ÷ candidate. */
            cost_ratio: Estimate,
            /** One-sided p-values against "at most 1" and "at most 2", and the latter after Holm. */
            p_above_1: P,
            p_above_2: P,
            p_above_2_holm: P,
            touched_by: TouchedBy,
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();
export type ArmsFit = z.infer<typeof ArmsFit>;
export type ArmLine = ArmsFit["candidates"][number];
