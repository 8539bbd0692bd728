import { formatTokens } from "./number-text.ts";

const CELLS = 20;
const GREEN_TO_PERCENT = 70;
const YELLOW_TO_PERCENT = 90;

type BarColour = "green" | "yellow" | "red";

/** Colours a text for a terminal; without one, text stays plain. */
export type Style = (colour: BarColour, text: string) => string;

/** Tokens used of a limit; null: no limit was set. */
export interface BudgetUse {
  readonly used: number;
  readonly limit: number | null;
}

/**
 * A budget as a bar of 20 cells: green up to 70 %, yellow above, red above 90 %. The percentage
 * beside it is the true one, also past 100, where the bar is full.
 *
 * @example
 * renderBudgetBar({ used: 29_700, limit: 40_000 }); // [###############-----] 74.3 % (29.7K of 40.0K)
 */
export function renderBudgetBar({ used, limit }: BudgetUse, style: Style = plain): string {
  if (limit === null) {
    return used === 0 ? "[NO BUDGET SET]" : `[UNLIMITED] ${formatTokens(used)} used`;
  }
  const amounts = `(${formatTokens(used)} of ${formatTokens(limit)})`;
  if (limit === 0) return renderZeroLimit(used, amounts, style);
  const percent = (used / limit) * 100;
  // Rounded down, so that a full bar never stands for a budget that has something left.
  const filled = Math.min(CELLS, Math.floor((used / limit) * CELLS));
  const bar = `[${"#".repeat(filled)}${"-".repeat(CELLS - filled)}]`;
  return `${style(colourAt(percent), bar)} ${percentText(percent)} ${amounts}`;
}

/** Nothing is allowed: the budget is full from the start, and no percentage describes what is over. */
function renderZeroLimit(used: number, amounts: string, style: Style): string {
  const share = used === 0 ? "100.0 %" : "> 100 %";
  return `${style("red", `[${"#".repeat(CELLS)}]`)} ${share} ${amounts}`;
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
