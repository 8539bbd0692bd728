import { type AmountKind, limitText, unitWord, usedText } from "../text/amount-text.ts";

const CELLS = 20;
const GREEN_TO_PERCENT = 70;
const YELLOW_TO_PERCENT = 90;

type BarColour = "green" | "yellow" | "red";

/** Colours a text for a terminal; without one, text stays plain. */
export type Style = (colour: BarColour, text: string) => string;

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
 * beside it is the true one, also past 100, where the bar is full.
 *
 * @example
 * renderBudgetBar({ unit: "tokens", basis: "uncached", used: 29_700, limit: 40_000 });
 * // [##############------] 74.2 % (29.7K / 40.0K uncached)
 */
export function renderBudgetBar(use: BudgetUse, manner: BarManner = {}): string {
  const { used, limit, unit } = use;
  const word = unitWord(use);
  if (limit === null) {
    const basis = unit === "tokens" ? ` (${use.basis})` : word;
    return used === 0 ? "[NO BUDGET SET]" : `[UNLIMITED] ${sayUnlimited(use, basis)}`;
  }
  const amounts = `(${usedText(unit, used)} / ${limitText(unit, limit)}${word})`;
  const percent = limit === 0 ? null : (used / limit) * 100;
  const share = percent === null ? zeroShare(used) : percentText(percent);
  return `${drawBar(percent, manner)}${share} ${amounts}`;
}

function sayUnlimited({ unit, used }: BudgetUse, basis: string): string {
  const amount = usedText(unit, used);
  return unit === "tokens" ? `${amount} used${basis}` : `${amount}${basis} used`;
}

/** null: nothing is allowed, and the budget is full from the start. */
function drawBar(percent: number | null, { style = plain, hasVisuals = true }: BarManner): string {
  if (!hasVisuals) return "";
  // Rounded down, so that a full bar never shows a budget with something left.
  const filled = percent === null ? CELLS : Math.min(CELLS, Math.floor((percent / 100) * CELLS));
  const bar = `[${"#".repeat(filled)}${"-".repeat(CELLS - filled)}]`;
  return `${style(percent === null ? "red" : colourAt(percent), bar)} `;
}

/** If nothing is allowed, no percentage describes the excess. */
function zeroShare(used: number): string {
  return used === 0 ? "100.0 %" : "> 100 %";
}

function colourAt(percent: number): BarColour {
  if (percent <= GREEN_TO_PERCENT) return "green";
  return percent <= YELLOW_TO_PERCENT ? "yellow" : "red";
}

/** Never rounded up to a threshold that has not been reached. */
function percentText(percent: number): string {
  return `${(Math.floor(Number((percent * 10).toPrecision(12))) / 10).toFixed(1)} %`;
}

function plain(_colour: BarColour, text: string): string {
  return text;
}
