import { meterWithShownReset, percentMeter } from "../meter-with-reset.ts";
import {
  asStale,
  type Capture,
  failed,
  joinReadings,
  MULTI_PANE_TRIMMED,
  paneParser,
  type PaneReading,
} from "../pane-reading.ts";
import { readPercentage } from "../percentage.ts";
import { plainLines } from "../plain-lines.ts";
import { readAccountJson } from "./account-json.ts";
import { splitFields, type Field } from "./fields.ts";
import { readLimitLabel } from "./limit-label.ts";
import { readReset } from "./read-reset.ts";
import { isRolloutText, readRolloutLimits, STALE_LIMITS } from "./rollout-limits.ts";

const NO_LIMITS = "The pane shows no limits.";

/** Reads Codex's `/status` pane, its status line, the JSON of its account, and lines of its session log. */
export const codexStatus = paneParser("codex-status", "5", (text, capture) => {
  if (isRolloutText(text)) return readRolloutLimits(text, capture);
  return text.trimStart().startsWith("{")
    ? readAccountJson(text, capture)
    : readPane(text, capture);
});

function readPane(text: string, capture: Capture): PaneReading {
  const { fields, isTrimmed } = lastPane(splitFields(plainLines(text)));
  const limits = scopeLimits(fields);
  const readings =
    limits.length > 0
      ? limits.map((limit) => readLimit(limit, capture))
      : readStatusLine(text, capture);
  const notes = fields.flatMap(noteOf);
  const trimmed = isTrimmed ? [MULTI_PANE_TRIMMED] : [];
  const pane = joinReadings(readings, NO_LIMITS, [...trimmed, ...notes]);
  return notes.includes(STALE_LIMITS) ? asStale(pane) : pane;
}

/** A pane starts with Codex's name, or, where that was cut off, where a limit is met again. */
function lastPane(fields: readonly Field[]) {
  let start = 0;
  let scope = "";
  let seen = new Set<string>();
  for (const [index, { label, value, isHeader }] of fields.entries()) {
    if (isHeader) {
      [start, scope, seen] = [index, "", new Set()];
    } else if (isScope({ label, value })) scope = label;
    else if (isLimit(label)) {
      if (seen.has(`${scope} ${label}`)) [start, scope, seen] = [index, "", new Set()];
      seen.add(`${scope} ${label}`);
    }
  }
  return {
    fields: fields.slice(start),
    isTrimmed: start > 0 && fields.slice(0, start).some(({ label }) => isLimit(label)),
  };
}

interface LimitField extends Field {
  /** The limit's own name where it is not the account's general one. */
  readonly scope: string;
}

/** The limits of a model follow a line with that model's name. */
function scopeLimits(fields: readonly Field[]): readonly LimitField[] {
  let scope = "";
  return fields.flatMap((field) => {
    if (isScope(field)) {
      scope = field.label.replace(/\s*limit$/iu, "");
      return [];
    }
    return isLimit(field.label) ? [{ ...field, scope }] : [];
  });
}

function isLimit(label: string): boolean {
  return /\blimit$/iu.test(label);
}

function isScope({ label, value }: Pick<Field, "label" | "value">): boolean {
  return (
    isLimit(label) && value === "" && readLimitLabel(label.replace(/limit$/iu, "")) === undefined
  );
}

function noteOf({ label, value }: Field): readonly string[] {
  if (/^warning$/iu.test(label) && /\blimits may be stale\b/u.test(value)) return [STALE_LIMITS];
  if (/^credits$/iu.test(label)) return [`credits-left:${value}`];
  if (/^limits$/iu.test(label)) {
    return [/^visit\b/iu.test(value) ? "limits-shown-elsewhere" : "limits-not-available"];
  }
  return [];
}

function readLimit({ label, value, scope }: LimitField, capture: Capture): PaneReading {
  const limit = readLimitLabel(`${scope} ${label.replace(/\s*limit$/iu, "")}`);
  if (limit === undefined) {
    return failed(`"${label}": expected a duration such as 5h or Weekly in the limit's name.`);
  }
  const used = readPercentUsed(value);
  if (typeof used === "string") return failed(`${limit.name}: ${used}`);
  const meter = percentMeter(limit, used, capture.capturedAt);
  return meterWithShownReset(meter, readReset(value, limit, capture));
}

/** Percent used; the bar next to it is ignored. A narrow pane cuts the word. */
function readPercentUsed(value: string): number | string {
  const found = readPercentage(value);
  if (typeof found === "string") return found;
  const { percent, word } = found;
  if (word === "" || !["used", "left"].some((known) => known.startsWith(word))) {
    return `expected "used" or "left" after ${percent} %, got ${word === "" ? "no word" : `"${word}"`}.`;
  }
  return word.startsWith("u") ? percent : 100 - percent;
}

/** The line below the prompt: `5h 96% left`; it names no reset. The last one counts. */
function readStatusLine(text: string, capture: Capture): readonly PaneReading[] {
  const shown = text.matchAll(/\b(\d{1,3}[hd]|daily|weekly|monthly)\s+(\d{1,3}%(?:\s+[a-z]+)?)/giu);
  const last = new Map<string, string>();
  let isTrimmed = false;
  for (const [, label = "", value = ""] of shown) {
    const name = label.toLowerCase();
    if (last.has(name)) {
      isTrimmed = true;
      last.clear();
    }
    last.set(name, value);
  }
  const readings = [...last].map(([label, value]) =>
    readLimit({ label: `${label} limit`, value, scope: "", isHeader: false }, capture),
  );
  const trimmed: PaneReading = { meters: [], errors: [], notes: [MULTI_PANE_TRIMMED] };
  return isTrimmed ? [trimmed, ...readings] : readings;
}
