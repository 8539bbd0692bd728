import { z } from "zod";

import { Outcome } from "../../ledger/domain/outcome.ts";

/** An object that has these fields and no others. */
export function exact<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.strictObject(shape).readonly();
}

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item).readonly();
}

export const Text = z.string();
export const TextOrNull = z.string().nullable();
export const NumberOrNull = z.number().nullable();

/** A number of things. */
export const Count = z.int().nonnegative();

/** Numbers of the anomalies (`anomalies[].number`) that affect the figures of the same object. */
export const AffectedBy = listOf(z.int().positive());

/** How many windows ended with an outcome. */
export const OutcomeCount = exact({ outcome: Outcome, windows: Count });

/** Windows by state. */
export const WindowCounts = exact({
  planned: Count,
  finalized: Count,
  valid: Count,
  missing: Count,
  not_run: Count,
});

/** Whether a provider is the one that the others are compared with. */
export const Role = z.enum(["baseline", "candidate"]);
