import { z } from "zod";

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const Status = z.enum([
  "passed",
  "failed",
  "skipped",
  "pending",
  "undefined",
  "ambiguous",
  "unknown",
]);

/** What the trusted process tells the runner, over a channel that no solution has. */
export const SuiteReport = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("scenario_listed"),
      /** `uri:line`, which cucumber takes to run that scenario alone. */
      key: z.string(),
      name: z.string(),
      isVisible: z.boolean(),
    }),
    z.strictObject({ kind: z.literal("scenario_started"), key: z.string() }),
    z.strictObject({
      kind: z.literal("scenario_finished"),
      key: z.string(),
      status: Status,
      message: z.string().optional(),
    }),
    z.strictObject({
      kind: z.literal("run_finished"),
      cucumberVersion: z.string(),
      /** What is wrong with the suite itself. */
      faults: z.array(z.string()),
    }),
    z.strictObject({ kind: z.literal("host_opened"), host: z.int(), id: z.int() }),
    z.strictObject({ kind: z.literal("host_asked"), host: z.int(), id: z.int(), payload: Bytes }),
    z.strictObject({ kind: z.literal("host_closed"), host: z.int() }),
  ])
  .readonly();
export type SuiteReport = z.infer<typeof SuiteReport>;

/** What the runner passes on; the payload is the host's and nobody has looked into it yet. */
export type SuiteAnswer =
  | { readonly kind: "answered"; readonly id: number; readonly payload: Uint8Array }
  | { readonly kind: "broken"; readonly id: number; readonly reason: string };
