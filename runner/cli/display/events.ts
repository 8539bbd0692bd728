import { z } from "zod";

import { Outcome } from "../../../ledger/domain/outcome.ts";

const Count = z.int().nonnegative();

const Window = {
  window: z.string(),
  provider: z.string(),
  feature_id: z.string(),
  replicate: Count,
  /** The window's place in its pair, from 1. */
  period: Count,
};

const EVENTS = {
  /** What the session found: windows of the schedule, and those that are final already. */
  run_started: { experiment_id: z.string(), windows: Count, final: Count },
  window_started: { ...Window, attempt: Count },
  /** The workspace is ready and the agent works; or it has ended and its work is graded. */
  phase_began: {
    ...Window,
    phase: z.enum(["working", "grading"]),
    /** Whose turn it is; absent for an agent that works alone. */
    role: z.string().optional(),
  },
  window_ended: {
    ...Window,
    outcome: Outcome,
    quality: z.number().nullable(),
    /** Uncached input, cache writes and output. */
    tokens_uncached: Count,
    reason: z.string().nullable(),
    final: Count,
    windows: Count,
  },
  anomaly: { window: z.string(), kind: z.string(), action: z.string() },
  /** Any other message to people. */
  noted: { sentence: z.string() },
  /** The session is over; the program ends with this exit code. */
  run_ended: { exit_code: Count, report: z.string().nullable(), answers: z.array(z.string()) },
} as const;

type EventName = keyof typeof EVENTS;

const HEAD = { version: z.literal(1), at: z.iso.datetime({ precision: 3 }) };

/** A line of `experiment run --json-events`. Later versions may add events and fields. */
export const SessionEvent = z.union(
  Object.entries(EVENTS).map(([name, fields]) =>
    z.strictObject({ event: z.literal(name), ...HEAD, ...fields }),
  ),
);

/** The fields of an event, without those that every event has. */
type FieldsOf<Name extends EventName> = Readonly<z.input<z.ZodObject<(typeof EVENTS)[Name]>>>;

export type WriteEvent = <Name extends EventName>(event: Name, fields: FieldsOf<Name>) => void;

export function sessionEventJsonSchema(): unknown {
  return z.toJSONSchema(SessionEvent, { io: "input" });
}
