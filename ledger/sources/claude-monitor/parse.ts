import type { Meter } from "../../domain/meter.ts";
import { epochMsOf, timestampOf } from "../../domain/timestamp.ts";
import { type Capture, MULTI_PANE_TRIMMED, type PaneReading } from "../pane-reading.ts";

/** The program estimates a window of five hours. */
const WINDOW_MINUTES = 300;
const MINUTE_MS = 60_000;
const NUMBER = String.raw`\d{1,3}(?:,\d{3})+|\d+`;
/** A limit that the screen's edge has cut is another one. */
const PAIR = String.raw`(?<used>${NUMBER}) / (?<limit>${NUMBER})(?![\d,])`;
const DOLLARS = String.raw`\$(?<used>[\d,]+\.\d\d) / \$(?<limit>[\d,]+\.\d\d)(?!\d)`;
/** Between the name and the figures are a bar and its percentage, which is cut at 100. */
const BAR = String.raw`[^$\d]*(?:[\d.]+%)?\s*`;
const TOKENS = new RegExp(`Token Usage:${BAR}${PAIR}`, "u");
const COST = new RegExp(`Cost Usage:${BAR}${DOLLARS}`, "u");
const MESSAGES = new RegExp(`Messages Usage:${BAR}${PAIR}`, "u");
/** The screen without a session, and that of a plan without a known limit. */
const PLAIN = new RegExp(`Tokens:\\s*(?<used>${NUMBER}) / ~(?<limit>${NUMBER})`, "u");
const SENT = new RegExp(`Sent Messages:\\s*(?<used>${NUMBER}) messages`, "u");
const RESET = /Time to Reset:[^\dhm]*(?:(?<hours>\d+)h )?(?<minutes>\d+)m\b/u;

/**
 * Reads the screen of claude-monitor 3. Its limits are guesses, and so is its window, so its meters have names of
 * their own and are never compared with Claude's. Returns undefined for every other text.
 */
export function readMonitor(capturedText: string, capture: Capture): PaneReading | undefined {
  const screens = [...capturedText.matchAll(/Token Usage:/gu)].length;
  if (screens === 0) return undefined;
  const text = lastScreen(capturedText);
  const found = [
    meterOf("monitor-tokens", "tokens", TOKENS.exec(text) ?? PLAIN.exec(text)),
    meterOf("monitor-cost", "usd", COST.exec(text)),
    meterOf("monitor-messages", "prompts", MESSAGES.exec(text) ?? SENT.exec(text)),
  ].flatMap((meter) => meter ?? []);
  const reset = resetIn(text, capture);
  const isIdle = reset === null && found[0]?.used === 0;
  const meters = found.map((meter): Meter => ({
    ...meter,
    limit_window_minutes: WINDOW_MINUTES,
    resets_at: reset,
    as_of: capture.capturedAt,
    ...(isIdle ? { is_idle: true } : {}),
  }));
  const faults = FAULTS.filter(
    ([name, label]) => text.includes(label) && !found.some((meter) => meter.name === name),
  ).map(([, , fault]) => fault);
  const errors = reset === null && !isIdle ? [...faults, NO_RESET] : faults;
  return { meters, errors, notes: screens > 1 ? [MULTI_PANE_TRIMMED] : [] };
}

/** Meters, the labels that announce them, and what is wrong if they can't be read. */
const FAULTS = [
  [
    "monitor-tokens",
    "Token Usage:",
    'claude-monitor: expected figures such as "12,345 / 44,000" after "Token Usage:". Widen the terminal.',
  ],
  [
    "monitor-cost",
    "Cost Usage:",
    'claude-monitor: expected dollars such as "$2.21 / $18.00" after "Cost Usage:".',
  ],
  [
    "monitor-messages",
    "Messages Usage:",
    'claude-monitor: expected figures such as "10 / 250" after "Messages Usage:".',
  ],
] as const;
const NO_RESET =
  'claude-monitor: expected a time such as "2h 13m", of at most 5 hours, after "Time to Reset:".';

/** The screen is drawn again and again. It begins with its costs if its plan has a limit. */
function lastScreen(text: string): string {
  const tokens = text.lastIndexOf("Token Usage:");
  const costs = text.lastIndexOf("Cost Usage:", tokens);
  const isOfScreenBefore = text.slice(costs, tokens).includes("Token Usage:");
  return text.slice(costs === -1 || isOfScreenBefore ? tokens : costs);
}

function meterOf(name: string, unit: Meter["unit"], found: RegExpExecArray | null) {
  const { used, limit } = found?.groups ?? {};
  if (used === undefined) return undefined;
  const figures = { name, unit, used: numberIn(used) } as const;
  return limit === undefined ? figures : { ...figures, limit: numberIn(limit) };
}

function numberIn(text: string): number {
  return Number(text.replaceAll(",", ""));
}

/** To the full minute, as the screen shows it. */
function resetIn(text: string, { capturedAt }: Capture): string | null {
  const { hours = "0", minutes } = RESET.exec(text)?.groups ?? {};
  if (minutes === undefined) return null;
  const ahead = Number(hours) * 60 + Number(minutes);
  if (ahead > WINDOW_MINUTES) return null;
  const ms = epochMsOf(capturedAt) + ahead * MINUTE_MS;
  return timestampOf(Math.round(ms / MINUTE_MS) * MINUTE_MS);
}
