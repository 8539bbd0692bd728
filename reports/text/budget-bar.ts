import { wallClock } from "../../ledger/domain/wall-clock.ts";
import { type AmountKind, limitText, shareText, unitWord, usedText } from "./amount-text.ts";

const CELLS = 20;
const GREEN_TO_PERCENT = 70;
const YELLOW_TO_PERCENT = 90;

type BarColour = "green" | "yellow" | "red";

/** Colours a text for a terminal, or makes it bold; without a style, text stays plain. */
export type Style = (format: BarColour | "bold", text: string) => string;

/** Use and limit in one unit; a limit of null means that none was set. */
export interface BudgetUse extends AmountKind {
  readonly used: number;
  readonly limit: number | null;
}

/** How a budget is drawn. */
export interface BarManner {
  readonly style?: Style | undefined;
  /** false: the numbers alone. */
  readonly hasVisuals?: boolean;
}

/**
 * A budget as a bar of 20 cells: green up to 70 %, yellow above, red above 90 %. The percentage
 * next to it is the true one, even above 100, where the bar is full.
 *
 * @example
 * renderBudgetBar({ unit: "tokens", basis: "uncached", used: 29_700, limit: 40_000 });
 * // [##############------] 74.2 % (29.7K / 40.0K uncached)
 */
export function renderBudgetBar(use: BudgetUse, { style, hasVisuals = true }: BarManner = {}) {
  return `${hasVisuals ? drawBar(usedPercent(use), style) : ""}${budgetText(use)}`;
}

/** The same in numbers alone. */
export function budgetText(use: BudgetUse): string {
  const { used, limit, unit } = use;
  const word = unitWord(use);
  if (limit === null) {
    const basis = unit === "tokens" ? ` (${use.basis})` : word;
    return used === 0 ? "[NO BUDGET SET]" : `[UNLIMITED] ${sayUnlimited(use, basis)}`;
  }
  return `${shareText(used, limit)} (${usedText(unit, used)} / ${limitText(unit, limit)}${word})`;
}

/** undefined without a limit; null: nothing is allowed, and the budget is full from the start. */
export function usedPercent({ used, limit }: BudgetUse): number | null | undefined {
  if (limit === null) return undefined;
  return limit === 0 ? null : (used / limit) * 100;
}

function sayUnlimited({ unit, used }: BudgetUse, basis: string): string {
  const amount = usedText(unit, used);
  return unit === "tokens" ? `${amount} used${basis}` : `${amount}${basis} used`;
}

/** The bar and a blank; nothing without a limit. */
export function drawBar(percent: number | null | undefined, style: Style = plain): string {
  if (percent === undefined) return "";
  // Rounded down, so that a full bar never shows a budget with something left.
  const filled = percent === null ? CELLS : Math.min(CELLS, Math.floor((percent / 100) * CELLS));
  const bar = `[${"#".repeat(filled)}${"-".repeat(CELLS - filled)}]`;
  return `${style(percent === null ? "red" : colourAt(percent), bar)} `;
}

function colourAt(percent: number): BarColour {
  if (percent <= GREEN_TO_PERCENT) return "green";
  return percent <= YELLOW_TO_PERCENT ? "yellow" : "red";
}

function plain(_format: BarColour | "bold", text: string): string {
  return text;
}

/** The use of a budget, its limit and its pace, in its own unit. */
export interface Consumption {
  readonly used: number;
  readonly limit: number | null;
  /** Taken over `spanMs`. */
  readonly taken: number;
  readonly spanMs: number;
  /** The length of a rolling period, after which use is forgotten. */
  readonly everyMs?: number | null;
}

/** A pace over less time is not reliable. */
const SHORTEST_SPAN_MS = 1000;
/** A forecast beyond this is of no use. */
const FURTHEST_MS = 366 * 86_400_000;

/**
 * The moment (epoch ms) at which a budget is empty if its use continues at this pace. null: there is no
 * pace, no limit or nothing left, or it would never be empty. The forecast ignores use that leaves a
 * rolling period until then, so it may be early, never late.
 */
export function emptyAtMs(
  { used, limit, taken, spanMs, everyMs = null }: Consumption,
  nowMs: number,
): number | null {
  if (limit === null || used >= limit || taken <= 0 || spanMs < SHORTEST_SPAN_MS) return null;
  const perMs = taken / spanMs;
  if (everyMs !== null && perMs * everyMs <= limit) return null;
  const leftMs = (limit - used) / perMs;
  return leftMs > FURTHEST_MS ? null : Math.floor(nowMs + leftMs);
}

/** `14:20` in the time zone; with the date if it is another day: `2026-11-22 14:20`. */
export function sayMoment(atMs: number, nowMs: number, timeZone?: string): string {
  const at = wallClock(atMs, timeZone);
  return at.date === wallClock(nowMs, timeZone).date ? at.time : `${at.date} ${at.time}`;
}
