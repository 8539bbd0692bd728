import { METHOD } from "../../document/method.ts";
import type { TeamTurn } from "../../report/team-data.ts";
import { countNoun, formatCount } from "../../text/number-text.ts";
import { sayBreaches, sayFindings } from "../../text/team-text.ts";
import type { WindowDetail } from "../page-data.ts";
import { h } from "./dom.ts";
import { explain } from "./explain.ts";
import { durationText, NONE, orDash } from "./window-texts.ts";

const MINUTE_MS = 60_000;
const COMMIT_CHARS = 12;

const NAMES = ["Role", "End"] as const;

const MEANINGS = {
  Took: "How long the turn took.",
  "Time planned": "The role's limit for all of its turns in the window; – means no limit.",
  Tokens: "What the turn took, in the basis of the cost.",
  "Tokens planned": "The role's limit, in the basis of the budgets.",
  Dollars: "What the turn cost by the price list; – if a price is unknown.",
  "Dollars planned": "The role's limit on dollars.",
  Change: "Lines that the commit in the role's name added and removed.",
  "Quality after": "From 0 to 1, if the work after the turn was graded.",
};

/** The phase timeline of a team's window: its turns in order, and what was sent back. */
export function showTeam({ turns, returns }: NonNullable<WindowDetail["team"]>): HTMLElement[] {
  const heads = [...NAMES, ...Object.keys(MEANINGS)].map((title) =>
    h("th", { scope: "col", class: title in MEANINGS ? "number" : undefined }, title),
  );
  const table = h(
    "table",
    {},
    h("caption", {}, "Each turn of a role, in order: what was planned, and what it used"),
    h("thead", {}, h("tr", {}, ...heads)),
    h("tbody", {}, ...turns.map(showTurn)),
  );
  const items = returns.map(({ round, from, to, findings, tokens, duration_ms: ms }) => {
    const cost = `${formatCount(tokens)} tokens of all classes, ${durationText(ms)}`;
    return h(
      "li",
      {},
      `Round ${String(round)}, ${from} to ${to}: ${sayFindings(findings)} (${cost})`,
    );
  });
  return [
    h("div", { class: "scroll", role: "region", "aria-label": "Turns", tabindex: "0" }, table),
    h("p", {}, items.length === 0 ? "No review sent work back." : "What reviews sent back:"),
    ...(items.length === 0 ? [] : [h("ul", {}, ...items)]),
    ...explain("the turns", METHOD.teams, MEANINGS),
  ];
}

function showTurn(turn: TeamTurn): HTMLElement {
  const { limits, tokens, dollars, lines, commit } = turn;
  const cells = [
    durationText(turn.duration_ms),
    orDash(limits.minutes, (minutes) => durationText(minutes * MINUTE_MS)),
    formatCount(tokens),
    orDash(limits.tokens, formatCount),
    orDash(dollars, sayDollars),
    orDash(limits.usd, sayDollars),
    lines === null || commit === null
      ? NONE
      : `+${String(lines.added)} −${String(lines.removed)} (${commit.slice(0, COMMIT_CHARS)})`,
    orDash(turn.quality, (quality) => quality.toFixed(3)),
  ];
  const role = `${String(turn.turn)}. ${turn.role}${turn.round > 1 ? `, round ${String(turn.round)}` : ""}`;
  return h(
    "tr",
    {},
    h("td", {}, role),
    h("td", {}, sayEnd(turn)),
    ...cells.map((cell) => h("td", { class: "number" }, cell)),
  );
}

/** `handed over (1 handoff refused, 2 breaches)`. */
function sayEnd({ end, reason, handoffs_refused: refused, breaches }: TeamTurn): string {
  const remarks = [
    reason,
    refused === 0 ? null : `${countNoun(refused, "handoff")} refused`,
    breaches === 0 ? null : sayBreaches(breaches),
  ].filter((remark) => remark !== null);
  const text = end.replaceAll("_", " ");
  return remarks.length === 0 ? text : `${text} (${remarks.join(", ")})`;
}

function sayDollars(amount: number): string {
  return `$${amount.toFixed(4)}`;
}
