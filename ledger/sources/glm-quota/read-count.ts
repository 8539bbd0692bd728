import type { Meter } from "../../domain/meter.ts";
import { timestampOf } from "../../domain/timestamp.ts";
import { type NamedLimit, readLimitLabel } from "../codex-status/limit-label.ts";
import { readReset } from "../codex-status/read-reset.ts";
import { type Capture, failed, type PaneReading, STALE_PANE } from "../pane-reading.ts";

const LINE = /^(?<label>[^:]{0,40}?)\s*:?\s*\bprompts used\b(?<count>.*)$/iu;
const COUNT = /^\s+(?<used>\d{1,9})(?:\s+of\s+(?<limit>\d{1,9}))?(?:\s+\(resets\s[^()]*\))?\s*$/iu;

/** Reads `5h prompts used 12 of 30 (resets 13:01)`. Without its window a count never resets. */
export function readCount(line: string, capture: Capture): PaneReading | undefined {
  const { label = "", count } = LINE.exec(line)?.groups ?? {};
  if (count === undefined) return undefined;
  const { used, limit } = COUNT.exec(count)?.groups ?? {};
  if (used === undefined) {
    return failed(`expected a count such as "prompts used 12 of 30", got "${line}".`);
  }
  const figures = {
    unit: "prompts",
    used: Number(used),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
    as_of: capture.capturedAt,
  } as const;
  if (label === "") {
    const meter = { name: "prompts", limit_window_minutes: null, ...figures, resets_at: null };
    return { meters: [meter], errors: [], notes: [] };
  }
  const named = readLimitLabel(label);
  if (named === undefined) {
    return failed(`"${label}": expected a duration such as 5h or Weekly before the count.`);
  }
  return withReset(named, figures, { count, capture });
}

function withReset(
  named: NamedLimit,
  figures: Pick<Meter, "unit" | "used" | "limit" | "as_of">,
  { count, capture }: { readonly count: string; readonly capture: Capture },
): PaneReading {
  const reset = readReset(count, named, capture);
  const isKnown = "epochMs" in reset;
  const meter: Meter = {
    name: named.name,
    limit_window_minutes: named.minutes,
    ...figures,
    resets_at: isKnown ? timestampOf(reset.epochMs) : null,
  };
  return {
    meters: [meter],
    errors: isKnown ? [] : [`${named.name}: ${reset.error}`],
    notes: isKnown && reset.isPast ? [STALE_PANE] : [],
  };
}
