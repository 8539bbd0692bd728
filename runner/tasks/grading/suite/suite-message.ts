import { z } from "zod";

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
/** From best to worst. A scenario has the status of its worst step, and only `passed` counts. */
const Status = z.enum([
  "unknown",
  "passed",
  "skipped",
  "pending",
  "undefined",
  "ambiguous",
  "failed",
]);
export type ScenarioStatus = z.infer<typeof Status>;
export const STATUSES = Status.options;

/** A report of the trusted process to the runner, over a channel that no solution can reach. */
export const SuiteReport = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("scenario_listed"),
      /** `uri:line`. Cucumber accepts it to run that scenario alone. */
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
      /** Faults of the suite itself. */
      faults: z.array(z.string()),
    }),
    z.strictObject({ kind: z.literal("host_opened"), host: z.int(), id: z.int() }),
    z.strictObject({ kind: z.literal("host_asked"), host: z.int(), id: z.int(), payload: Bytes }),
    z.strictObject({ kind: z.literal("host_closed"), host: z.int() }),
  ])
  .readonly();
export type SuiteReport = z.infer<typeof SuiteReport>;

/** An answer that the runner passes on. The payload comes from the host, unread. */
export type SuiteAnswer =
  | { readonly kind: "answered"; readonly id: number; readonly payload: Uint8Array }
  | { readonly kind: "broken"; readonly id: number; readonly reason: string };
