import type { Meter } from "../../../ledger/domain/meter.ts";
import { readLimitLabel } from "../../../ledger/sources/codex-status/limit-label.ts";
import { overrideReading } from "../../tracker/take-reading.ts";
import { TrackerUsageError } from "../../tracker/tracker-errors.ts";
import type { CodeOf, OptionsOf } from "../definitions/definition.ts";
import type { override as definition } from "../definitions/manual-commands.ts";
import { showReadings } from "../show-reading.ts";
import {
  chooseWindow,
  readAmount,
  readCount,
  readMoment,
  checkWindowOptions,
} from "../window-options.ts";
import { withTracker } from "../with-tracker.ts";

type OverrideOptions = OptionsOf<typeof definition>;

const PERCENT_MAX = 100;

/** Records one meter as an operator typed it. */
export const override: CodeOf<typeof definition> = async (options, environment) => {
  checkWindowOptions(options);
  const meter = readMeter(options, environment.clock.nowMs());
  return await withTracker(options, environment, async (tracker) => {
    const key = chooseWindow(tracker, options);
    const place = {
      key,
      phase: options.phase,
      isLate: options.late === true,
      remark: options.notes,
    };
    const reading = await overrideReading(tracker, place, meter);
    return showReadings([reading], options);
  });
};

function readMeter(options: OverrideOptions, nowMs: number): Meter {
  const used = readAmount("--used", options.used);
  if (options.unit === "percent" && used > PERCENT_MAX) {
    throw new TrackerUsageError(
      `--used: expected at most 100 percent, got ${options.used}. Write what was used, or another --unit.`,
    );
  }
  return {
    name: options.meter.toLowerCase(),
    limit_window_minutes: minutesOf(options),
    unit: options.unit,
    used,
    ...(options.limit === undefined ? {} : { limit: readAmount("--limit", options.limit) }),
    resets_at:
      options.resetsAt === undefined ? null : readMoment("--resets-at", options.resetsAt, nowMs),
    as_of: readMoment("--at", options.at, nowMs),
  };
}

/** A meter without a reset, and without a duration in its name, never resets. */
function minutesOf({ meter, minutes, resetsAt }: OverrideOptions): number | null {
  if (minutes !== undefined) return readCount("--minutes", minutes);
  const known = readLimitLabel(meter.toLowerCase().replace(/^(weekly) .+$/u, "$1"));
  if (known !== undefined) return known.minutes;
  if (resetsAt === undefined) return null;
  throw new TrackerUsageError(
    `--meter ${meter}: expected --minutes, since the name says no duration. Write the minutes of the limit's window, e.g. 10080 for a week.`,
  );
}
