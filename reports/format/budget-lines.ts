import type { BudgetLine, Budgets } from "../report/report-data.ts";
import { markAffected } from "../text/affected-mark.ts";
import { limitText, unitWord, usedText } from "../text/amount-text.ts";
import { formatCount, NOT_AVAILABLE } from "../text/number-text.ts";
import { emptyAtMs } from "./forecast.ts";

const DURATIONS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;
const HOUR_MS = 3_600_000;

/** The owner of a budget: `overall`, `period of 5h`, `/implement (dearest attempt)`. */
export function budgetName({ scope, name }: BudgetLine, { period_ms }: Budgets): string {
  if (scope === "overall") return name;
  if (scope === "period") return period_ms === null ? name : `period of ${durationText(period_ms)}`;
  return `${scope === "role" ? "role " : ""}${name} (dearest attempt)`;
}

/** Milliseconds as a limit is written: `5h`, `90m`. */
function durationText(ms: number): string {
  const [unit, size] = DURATIONS.find(([, one]) => ms % one === 0) ?? ["s", 1000];
  return `${String(ms / size)}${unit}`;
}

/** The budgets that are drawn: those with a limit, and always tokens over all and by command. */
export function drawnBudgets({ lines }: Budgets): readonly BudgetLine[] {
  return lines.filter(
    ({ limit, unit, scope }) =>
      limit !== null || (unit === "tokens" && (scope === "overall" || scope === "command")),
  );
}

/** Headings as a Markdown table takes them: numbers end in a colon. */
export const OWNERS_HEAD = [
  "By command and role",
  "Attempts:",
  "Total:",
  "Dearest attempt:",
  "Limit:",
  "From",
];

/** The use by commands, roles and windows, with a row for each unit. */
export function ownerRows(
  budgets: Budgets,
  clean: (text: string) => string,
): readonly (readonly string[])[] {
  return budgets.lines.flatMap((line) => {
    const { scope, name, unit, attempts, total, used, limit, origin } = line;
    if (attempts === null) return [];
    const word = unitWord({ unit, basis: budgets.basis });
    return [
      [
        clean(scope === "role" ? `role ${name}` : name),
        ...[
          formatCount(attempts),
          `${usedText(unit, total)}${word}`,
          `${usedText(unit, used)}${word}`,
        ].map((figure) => markAffected(figure, budgets.touched_by)),
        limit === null ? "unlimited" : `${limitText(unit, limit)}${word}`,
        clean(origin ?? NOT_AVAILABLE),
      ],
    ];
  });
}

/** When the budget is empty at the pace of the last session, ms since the Unix epoch; null if never. */
export function emptyAt(
  { used, limit, pace_per_hour: pace, scope }: BudgetLine,
  { period_ms }: Budgets,
  nowMs: number,
): number | null {
  if (pace === null) return null;
  const everyMs = scope === "period" ? period_ms : null;
  return emptyAtMs({ used, limit, taken: pace, spanMs: HOUR_MS, everyMs }, nowMs);
}
