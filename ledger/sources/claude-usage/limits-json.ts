import { z } from "zod";

import { parseJson } from "../../domain/parse-json.ts";
import { EPOCH_SECONDS_MAX, epochMsOf } from "../../domain/timestamp.ts";
import { meterWithReset, percentMeter } from "../meter-with-reset.ts";
import { type Capture, failed, joinReadings, type PaneReading } from "../pane-reading.ts";
import { SESSION_MINUTES, WEEK_MINUTES } from "./sections.ts";

const MS_PER_SECOND = 1000;
const Percent = z.number().min(0).max(100);

const Limit = z.looseObject({
  /** In what a status line gets. */
  used_percentage: Percent.nullish(),
  /** In the answer of the usage endpoint. */
  utilization: Percent.nullish(),
  /** Seconds since the Unix epoch, or a date. */
  resets_at: z
    .union([z.int().positive().max(EPOCH_SECONDS_MAX), z.iso.datetime({ offset: true })])
    .nullish(),
});

const Fields = z.record(z.string(), z.unknown());
const Refusal = z.looseObject({ error: z.looseObject({ message: z.string() }) });

const NAMES = [
  ["five_hour", "5h", SESSION_MINUTES],
  ["seven_day", "weekly", WEEK_MINUTES],
  ["seven_day_opus", "weekly opus", WEEK_MINUTES],
  ["seven_day_sonnet", "weekly sonnet", WEEK_MINUTES],
] as const;

/**
 * Reads Claude's limits as JSON: what Claude Code gives to a status line (`rate_limits`), or the answer of the usage
 * endpoint. They are exact, where the pane rounds.
 */
export function readLimitsJson(text: string, capture: Capture): PaneReading {
  const json = parseJson(text);
  const refusal = Refusal.safeParse(json).data;
  if (refusal !== undefined) {
    return failed(`The usage endpoint refused: "${refusal.error.message}".`);
  }
  const answer = Fields.safeParse(json).data;
  const limits = answer?.["rate_limits"] === undefined ? answer : answer["rate_limits"];
  const said = Fields.safeParse(limits).data;
  if (said === undefined) {
    return failed(
      "Expected Claude's limits as JSON, such as rate_limits of a status line, got something else.",
    );
  }
  const readings = NAMES.flatMap(([member, name, minutes]) => {
    const limit = said[member];
    if (limit === null || limit === undefined) return [];
    const { data, error } = Limit.safeParse(limit);
    return data === undefined
      ? [failed(`${name}: expected a limit that can be read: ${z.prettifyError(error)}`)]
      : [readLimit(data, { name, minutes }, capture)];
  });
  return joinReadings(readings, "The JSON has no limits, as for an account without them.", []);
}

function readLimit(
  { used_percentage: shown, utilization, resets_at: reset }: z.infer<typeof Limit>,
  limit: { readonly name: string; readonly minutes: number },
  capture: Capture,
): PaneReading {
  const used = shown ?? utilization;
  if (used === null || used === undefined) {
    return failed(`${limit.name}: expected used_percentage or utilization, got neither.`);
  }
  const meter = percentMeter(limit, used, capture.capturedAt);
  if (reset === null || reset === undefined) {
    return used === 0
      ? { meters: [{ ...meter, is_idle: true }], errors: [], notes: [] }
      : meterWithReset(meter, undefined, capture);
  }
  const resetMs = typeof reset === "number" ? reset * MS_PER_SECOND : epochMsOf(reset);
  return meterWithReset(meter, resetMs, capture);
}
