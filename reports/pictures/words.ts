import type { Question } from "../evidence/question.ts";
import type { ReportData } from "../report/report-data.ts";
import { costText } from "../text/amount-text.ts";
import { COST_NOT_DECIDED } from "../text/hold-text.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { cutName } from "../text/wrap-text.ts";

const NAME_MAX = 28;

/** Vega keeps groups in an object, which has members such as `constructor` already. */
const INVISIBLE = "\u2060";

/** A foreign name, on one line and short enough for its place. */
export function shortName(name: string, most = NAME_MAX): string {
  const line = toPlainLine(name);
  return line in Object.prototype ? `${line}${INVISIBLE}` : cutName(line, most);
}

/** The whole of a foreign name, on one line: for texts, which have room. */
export function wholeName(name: string): string {
  return toPlainLine(name);
}

/** The names of a legend: two that would look the same get their number. */
export function distinctNames(names: readonly string[], most = NAME_MAX): readonly string[] {
  const short = names.map((name) => shortName(name, most));
  return short.map((name, index) =>
    short.indexOf(name) === short.lastIndexOf(name) ? name : `${name} (${String(index + 1)})`,
  );
}

/** What an axis of costs says. */
export function costTitle({ cost_measure: measure, token_basis, cost_meter }: Question): string {
  if (measure === "usd") return "cost in dollars";
  if (measure === "meter") return `cost in units of ${shortName(cost_meter ?? "a meter")}`;
  return `cost in tokens (${token_basis})`;
}

/** How the ticks of that axis are written, for d3-format. */
export function costFormat({ cost_measure: measure }: Question): string {
  if (measure === "usd") return "$~r";
  return measure === "tokens" ? "~s" : "~r";
}

/** A cost in a sentence. */
export function sayCost(amount: number, { cost_measure: measure }: Question): string {
  const text = costText(amount, measure);
  if (measure === "usd") return `$${text}`;
  return measure === "tokens" ? `${text} tokens` : text;
}

/** Says that a candidate has a cost that is a lower bound; empty if it has none. */
export function sayBound({ comparisons }: ReportData, candidate: string): string {
  const pairs = comparisons.find((one) => one.candidate === candidate)?.pairs;
  return (pairs?.capped ?? 0) === 0 ? "" : COST_NOT_DECIDED;
}

/** Sentences that follow each other; empty ones are left out. */
export function join(...sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== "").join(" ");
}
