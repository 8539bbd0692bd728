import { z } from "zod";

import { isTimeZone } from "../../ledger/sources/local-time.ts";
import { fieldHints } from "../config/field-hints.ts";

const TimeOfDay = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/)
  .register(fieldHints, { expected: "a time of day", mend: 'Write e.g. "14:00", in quotes.' });

/** The hours of a peak: from the first minute up to, not with, the last; every day where none is named. */
export const PEAK_FIELDS = {
  zone: z.string().refine(isTimeZone).register(fieldHints, {
    expected: "a time zone",
    mend: "Write e.g. Asia/Shanghai.",
  }),
  days: z
    .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
    .min(1)
    .readonly()
    .optional(),
  from: TimeOfDay,
  to: TimeOfDay,
};

export type PeakHours = z.infer<z.ZodObject<typeof PEAK_FIELDS>>;
