import { readMonitor } from "../claude-monitor/parse.ts";
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
import { readLimitsJson } from "./limits-json.ts";
import { readReset } from "./read-reset.ts";
import { type LastPane, readLastPane, type Section } from "./sections.ts";

/**
 * Reads Claude Code's `/usage` pane, wide or narrow, its one-line form, its limits as JSON, and the screen of
 * claude-monitor. A capture may have a pane and a screen, because a window has one reading at its end.
 */
export const claudeUsage = paneParser("claude-usage", "6", (text, capture) => {
  if (text.trimStart().startsWith("{")) return readLimitsJson(text, capture);
  // The words that start a section may themselves be wrapped, so that lines are joined first.
  const joined = plainLines(text).join(" ").replaceAll(/\s+/gu, " ");
  const monitored = readMonitor(joined, capture);
  const pane = readLastPane(joined);
  const why = whyEmpty(joined, pane);
  const readings = pane.sections.map((section) => readSection(section, capture));
  const own = pane.asOf === undefined ? readings : readings.map(asStale);
  if (monitored === undefined) return joinReadings(own, why, notesOf(pane));
  const failures = pane.hasFailed ? [failed(why)] : [];
  return joinReadings([...own, ...failures, monitored], why, notesOf(pane));
});

function whyEmpty(text: string, { hasFailed }: LastPane): string {
  if (hasFailed) return 'Claude Code could not load the usage: "Failed to load usage data".';
  if (text.includes("Status dialog dismissed")) {
    return 'The pane was closed before it was captured: "Status dialog dismissed".';
  }
  return "The pane shows no limits.";
}

function notesOf({ isTrimmed, hasExtraUsage, asOf }: LastPane): readonly string[] {
  return [
    ...(isTrimmed ? [MULTI_PANE_TRIMMED] : []),
    ...(hasExtraUsage ? ["extra-usage-not-read"] : []),
    ...(asOf === undefined ? [] : [`as-of:${asOf}`]),
  ];
}

function readSection({ name, minutes, text }: Section, capture: Capture): PaneReading {
  const used = readPercentUsed(text);
  if (typeof used === "string") return failed(`${name}: ${used}`);
  const meter = percentMeter({ name, minutes }, used, capture.capturedAt);
  const isIdle = used === 0 && !/reset/iu.test(text);
  return isIdle
    ? { meters: [{ ...meter, is_idle: true }], errors: [], notes: [] }
    : meterWithShownReset(meter, readReset(text, minutes, capture));
}

/** Percent used; versions differ in which of the two they show, and bars may show the other. */
function readPercentUsed(text: string): number | string {
  const found = readPercentage(text);
  if (typeof found === "string") return found;
  const { percent, word } = found;
  switch (word) {
    case "used":
      return percent;
    case "left":
    case "remaining":
      return 100 - percent;
    case "":
      return `expected "used" or "left" after ${percent} %, got no word.`;
    default:
      return `expected "used" or "left" after ${percent} %, got "${word}".`;
  }
}
