import type { BudgetLine, Budgets } from "../report/budget-data.ts";
import type { ReportData } from "../report/report-data.ts";
import { affectedFootnote, markAffected } from "../text/affected-mark.ts";
import { limitText, unitWord, usedText } from "../text/amount-text.ts";
import { formatCount } from "../text/number-text.ts";
import { budgetName, drawnBudgets } from "./budget-names.ts";
import type { Block, Cell, Section } from "./document.ts";
import { METHOD } from "./method.ts";
import {
  type ColumnOf,
  countCell,
  figuresOf,
  numberCell,
  numberColumn,
  tableOf,
  textOf,
  textOr,
} from "./parts.ts";

const UNLIMITED = "unlimited";
const NO_LIMIT = "no limit was set";

/** What was allowed, and what was used of it. */
export function budgetSection({ budgets }: ReportData): Section {
  const { touched_by, basis, mode } = budgets;
  return {
    id: "budgets",
    title: "Budgets",
    blocks: [
      textOf(
        `Mode ${textOr(mode, "no session was opened")}, basis ${basis}; all attempts of all sessions.`,
      ),
      limitTable(budgets),
      ownerTable(budgets),
      leftFigures(budgets),
      eventTable(budgets),
      ...affectedFootnote([touched_by]).map(textOf),
    ],
  };
}

/** An amount with its unit; tokens are written to the last one. */
function amountWriter({ basis }: Budgets, write = usedText) {
  return ({ unit }: BudgetLine, value: number) =>
    `${unit === "tokens" ? formatCount(value) : write(unit, value)}${unitWord({ unit, basis })}`;
}

function limitTable(budgets: Budgets): Block {
  const mark = (text: string) => markAffected(text, budgets.touched_by);
  const amountText = amountWriter(budgets);
  return tableOf({
    id: "budgets",
    items: drawnBudgets(budgets),
    columns: [
      { title: "Budget", isKey: true, cell: (line) => budgetName(line, budgets) },
      UNIT,
      limitColumn(budgets),
      { title: "From", cell: ({ origin }) => textOr(origin, NO_LIMIT) },
      {
        title: "Used",
        isNumber: true,
        meaning: "What the limit is compared with.",
        cell: (line) => ({
          text: mark(amountText(line, line.used)),
          sort: line.used,
        }),
      },
      {
        title: "Share used",
        isNumber: true,
        meaning: "Used ÷ limit.",
        cell: (line) => shareCell(line, mark),
      },
      {
        title: "Pace of the last session",
        isNumber: true,
        meaning: "What the last session took in an hour.",
        cell: (line) =>
          numberCell(line.pace_per_hour, {
            write: (value) => `${amountText(line, value)} an hour`,
            why: line.attempts === null ? "not known" : "counted by attempt",
          }),
      },
    ],
    none: "No budget was set or used.",
    meaning: "A budget ends work before it takes more than its limit.",
    method: METHOD.budgets,
  });
}

const UNIT: ColumnOf<BudgetLine> = { title: "Unit", isKey: true, cell: ({ unit }) => unit };

function limitColumn(budgets: Budgets): ColumnOf<BudgetLine> {
  const write = amountWriter(budgets, limitText);
  return {
    title: "Limit",
    isNumber: true,
    meaning: "What may be used.",
    cell: (line) =>
      line.limit === null
        ? { text: UNLIMITED, sort: null }
        : { text: write(line, line.limit), sort: line.limit },
  };
}

const PERCENT = 100;

/** Rounded down, so that it never shows a limit that was not reached. */
function shareCell({ used, limit }: BudgetLine, mark: (text: string) => string): Cell {
  if (limit === null) return { text: UNLIMITED, sort: null };
  if (limit === 0) return { text: mark(used === 0 ? "100.0 %" : "> 100 %"), sort: null };
  const percent = Math.floor(Number(((used / limit) * PERCENT * 10).toPrecision(12))) / 10;
  return { text: mark(`${percent.toFixed(1)} %`), sort: used / limit };
}

export function ownerTable(budgets: Budgets): Block {
  const amountText = amountWriter(budgets);
  const amount = (title: string, meaning: string, read: (line: BudgetLine) => number) => ({
    title,
    meaning,
    isNumber: true,
    cell: (line: BudgetLine) => ({
      text: markAffected(amountText(line, read(line)), budgets.touched_by),
      sort: read(line),
    }),
  });
  return tableOf({
    id: "budget-owners",
    items: budgets.lines.filter(({ attempts }) => attempts !== null),
    columns: [
      {
        title: "By command and role",
        isKey: true,
        cell: ({ scope, name }) => (scope === "role" ? `role ${name}` : name),
      },
      UNIT,
      {
        title: "Attempts",
        isNumber: true,
        meaning: "Attempts that used it.",
        cell: ({ attempts }) => countCell(attempts ?? 0, budgets.touched_by),
      },
      amount("Total", "Use by all attempts.", ({ total }) => total),
      amount("Dearest attempt", "A limit holds for each attempt.", ({ used }) => used),
      limitColumn(budgets),
      { title: "From", cell: ({ origin }) => textOr(origin, NO_LIMIT) },
    ],
    none: "No command or role used a budget.",
    meaning: "Commands and roles that used the budgets.",
    method: METHOD.budgets,
  });
}

function leftFigures({ overshoot, unsettled }: Budgets): Block {
  return figuresOf(METHOD.budgets, [
    {
      name: "Tokens taken beyond what requests had reserved",
      value: formatCount(overshoot),
      number: overshoot,
      meaning: "A request reserves what it may take; an answer can be longer.",
    },
    {
      name: "Tokens reserved and never settled",
      value: formatCount(unsettled),
      number: unsettled,
      meaning: "They count as used, because nobody knows what they took.",
    },
  ]);
}

type BudgetEvent = Budgets["events"][number];

function eventTable({ events }: Budgets): Block {
  return tableOf({
    id: "budget-events",
    items: events,
    columns: [
      { title: "Budget", isKey: true, cell: ({ budget }) => budget },
      numberColumn<BudgetEvent>("Warnings", {
        meaning: "Times that a budget was nearly empty.",
        read: ({ warned }) => warned,
      }),
      numberColumn<BudgetEvent>("Refusals", {
        meaning: "Requests that were not sent on.",
        read: ({ refused }) => refused,
      }),
      numberColumn<BudgetEvent>("Breaches", {
        meaning: "Attempts that were ended.",
        read: ({ breached }) => breached,
      }),
    ],
    none: "No warning, refusal or breach.",
    meaning: "What budgets did during the run.",
    method: METHOD.budgets,
  });
}
