import type { Meter } from "../../domain/meter.ts";
import { readLimitLabel } from "../codex-status/limit-label.ts";
import { readReset } from "../codex-status/read-reset.ts";
import { meterWithShownReset } from "../meter-with-reset.ts";
import { type Capture, failed, type PaneReading } from "../pane-reading.ts";

const LINE = /^(?<label>[^:]{0,40}?)\s*:?\s*\bprompts used\b(?<count>.*)$/iu;
const COUNT =
  /^\s+(?<used>\d{1,9})(?:\s+of\s+(?<limit>\d{1,9}))?(?<reset>\s+\(resets\s[^()]*\))?\s*$/iu;

const DAY_MINUTES = 24 * 60;
const MONTH_MINUTES = 31 * DAY_MINUTES;

/** Reads `5h prompts used 12 of 30 (resets 13:01)`. Without a window and a reset a count never resets. */
export function readCount(line: string, capture: Capture): PaneReading | undefined {
  const { label = "", count } = LINE.exec(line)?.groups ?? {};
  if (count === undefined) return undefined;
  const { used, limit, reset } = COUNT.exec(count)?.groups ?? {};
  if (used === undefined) {
    return failed(`expected a count such as "prompts used 12 of 30", got "${line}".`);
  }
  const figures = {
    unit: "prompts",
    used: Number(used),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
    as_of: capture.capturedAt,
  } as const;
  if (label === "") return withoutWindow(figures, reset, capture);
  const named = readLimitLabel(label);
  if (named === undefined) {
    return failed(`"${label}": expected a duration such as 5h or Weekly before the count.`);
  }
  const meter = { name: named.name, limit_window_minutes: named.minutes, ...figures };
  return meterWithShownReset(meter, readReset(count, named, capture));
}

type Figures = Pick<Meter, "unit" | "used" | "limit" | "as_of">;

/** Nobody knows how long the window is, so the time is the next one that the clock shows. */
function withoutWindow(figures: Figures, reset: string | undefined, capture: Capture): PaneReading {
  const meter = { name: "prompts", limit_window_minutes: null, ...figures, resets_at: null };
  if (reset === undefined) return { meters: [meter], errors: [], notes: [] };
  const minutes = /\son\s/u.test(reset) ? MONTH_MINUTES : DAY_MINUTES;
  return meterWithShownReset(meter, readReset(reset, { minutes, datesOtherDays: false }, capture));
}
