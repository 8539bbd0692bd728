import type { BudgetLine, Budgets } from "../report/budget-data.ts";
import type { ReportData } from "../report/report-data.ts";
import { affectedFootnote, markAffected } from "../text/affected-mark.ts";
import { limitText, shareText, unitWord, usedText } from "../text/amount-text.ts";
import { formatCount } from "../text/number-text.ts";
import { budgetName, drawnBudgets } from "./budget-names.ts";
import type { Block, Cell, Section } from "./document.ts";
import { METHOD } from "./method.ts";
import { type ColumnOf, figuresOf, numberColumn, tableOf, textOf, textOr } from "./parts.ts";

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

function amountColumns(budgets: Budgets) {
  const amountText = amountWriter(budgets);
  return (title: string, meaning: string, read: (line: BudgetLine) => number) =>
    numberColumn<BudgetLine>(title, meaning, {
      read,
      write: (value, line) => amountText(line, value),
      affectedBy: () => budgets.touched_by,
    });
}

function limitTable(budgets: Budgets): Block {
  const mark = (text: string) => markAffected(text, budgets.touched_by);
  const amount = amountColumns(budgets);
  const amountText = amountWriter(budgets);
  return tableOf({
    id: "budgets",
    items: drawnBudgets(budgets),
    columns: [
      { title: "Budget", isKey: true, cell: (line) => budgetName(line, budgets) },
      UNIT,
      limitColumn(budgets),
      { title: "From", cell: ({ origin }) => textOr(origin, NO_LIMIT) },
      amount("Used", "What the limit is compared with.", ({ used }) => used),
      {
        title: "Share used",
        isNumber: true,
        meaning: "Used ÷ limit.",
        cell: (line) => shareCell(line, mark),
      },
      numberColumn<BudgetLine>(
        "Pace of the last session",
        "What the last session took in an hour.",
        {
          read: ({ pace_per_hour }) => pace_per_hour,
          write: (value, line) => `${amountText(line, value)} an hour`,
          why: ({ attempts }) => (attempts === null ? "not known" : "counted by attempt"),
        },
      ),
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

function shareCell({ used, limit }: BudgetLine, mark: (text: string) => string): Cell {
  if (limit === null) return { text: UNLIMITED, sort: null };
  return { text: mark(shareText(used, limit)), sort: limit === 0 ? null : used / limit };
}

export function ownerTable(budgets: Budgets): Block {
  const amount = amountColumns(budgets);
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
      numberColumn<BudgetLine>("Attempts", "Attempts that used it.", {
        read: ({ attempts }) => attempts ?? 0,
        affectedBy: () => budgets.touched_by,
      }),
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
      numberColumn<BudgetEvent>("Warnings", "Times that a budget was nearly empty.", {
        read: ({ warned }) => warned,
      }),
      numberColumn<BudgetEvent>("Refusals", "Requests that were not sent on.", {
        read: ({ refused }) => refused,
      }),
      numberColumn<BudgetEvent>("Breaches", "Attempts that were ended.", {
        read: ({ breached }) => breached,
      }),
    ],
    none: "No warning, refusal or breach.",
    meaning: "What budgets did during the run.",
    method: METHOD.budgets,
  });
}
