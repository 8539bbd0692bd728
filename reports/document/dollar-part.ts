import type { DollarLine } from "../report/dollar-data.ts";
import type { ReportData } from "../report/report-data.ts";
import { costText } from "../text/amount-text.ts";
import { formatPercent, formatSignificant } from "../text/number-text.ts";
import type { Block, Section } from "./document.ts";
import {
  hasDollars,
  lackLines,
  type PaidLine,
  paidLines,
  PLAN_FORMULA,
  pricesText,
  sayPlans,
} from "./dollar-lines.ts";
import { METHOD } from "./method.ts";
import {
  type ColumnOf,
  listOf,
  numberCell,
  numberColumn,
  tableOf,
  textOf,
  textOr,
} from "./parts.ts";

const usd = (value: number) => costText(value, "usd");

/** Dollars of every window: by our price list, by its plan, and as the agent reports them. */
export function dollarPart(report: ReportData): readonly Section[] {
  if (!hasDollars(report)) return [];
  const { dollars } = report;
  const hasPlan = dollars.windows.some(({ plan }) => plan !== null);
  const sha256 = textOr(dollars.prices?.sha256 ?? null, "no price list was recorded");
  const counts = hasPlan
    ? "A plan's price counts if there is one, else our list price"
    : "Our list prices count";
  return [
    {
      id: "dollars",
      title: "Dollars",
      blocks: [
        textOf(
          `Prices: ${pricesText(dollars)}, SHA-256 ${sha256}. ${counts}; agents report by price lists of their own.`,
        ),
        ...planBlocks(dollars.windows),
        tableOf({
          id: "dollars",
          items: dollars.windows,
          columns: dollarColumns(hasPlan),
          meaning: "What each final attempt cost by list prices, and what its agent says.",
          method: METHOD.dollars,
        }),
        ...listOf(lackLines(report)),
      ],
    },
  ];
}

function windowColumns<Line extends DollarLine>(): readonly ColumnOf<Line>[] {
  return [
    { title: "Window", isKey: true, cell: ({ window }) => ({ text: window, window }) },
    { title: "Provider", isKey: true, cell: ({ provider }) => provider },
  ];
}

function dollarColumns(hasPlan: boolean): readonly ColumnOf<DollarLine>[] {
  return [
    ...windowColumns<DollarLine>(),
    {
      title: hasPlan ? "List price" : "Dollars",
      isNumber: true,
      meaning: "By our price list; ≥ if a part of it is not known.",
      cell: ({ amount, known }) =>
        amount === null && known > 0
          ? { text: `≥ ${usd(known)}`, sort: null }
          : numberCell(amount, { write: usd, why: "no price or no usage" }),
    },
    numberColumn("By the agent's own word", "What the agent reports, by a price list of its own.", {
      read: ({ reported }) => reported,
      write: usd,
      why: "not reported",
    }),
    numberColumn("Divergence", "The agent's amount ÷ ours, less 1.", {
      read: ({ divergence }) => divergence,
      write: formatPercent,
      why: "one of them is unknown",
    }),
  ];
}

/** Plan price and list price of every window that a plan paid for. */
function planBlocks(lines: readonly DollarLine[]): readonly Block[] {
  const paid = paidLines(lines);
  if (paid.length === 0) return [];
  const owners = Map.groupBy(paid, ({ provider }) => provider);
  const plans = [...owners].map(([provider, own]) => `${provider}: ${sayPlans(own)}`);
  return [
    textOf(
      `Plans: ${plans.join("; ")}. A window costs ${PLAN_FORMULA}, and the list price of what went to other upstreams. A meter moves in steps: an amount is known to one step, and 0 means less than one; it enters no ratio and no geometric mean.`,
    ),
    tableOf({
      id: "plan-prices",
      items: paid,
      columns: [...windowColumns<PaidLine>(), ...PLAN_COLUMNS],
      meaning: "What each window took of its provider's subscription.",
      method: METHOD.dollars,
    }),
  ];
}

const whyUnknown = ({ plan }: PaidLine) => plan.reason ?? "unknown";

const PLAN_COLUMNS: readonly ColumnOf<PaidLine>[] = [
  { title: "Meter", cell: ({ plan }) => plan.meter },
  numberColumn("Moved %", "How far the window moved the meter.", {
    read: ({ plan }) => plan.moved_percent,
    write: formatSignificant,
    why: whyUnknown,
  }),
  numberColumn("Plan price", "The plan's price for what the window moved.", {
    read: ({ plan }) => plan.amount,
    write: usd,
    why: whyUnknown,
  }),
  numberColumn("One step", "What one step of the meter costs.", {
    read: ({ plan }) => plan.resolution,
    write: usd,
    why: whyUnknown,
  }),
  numberColumn("Elsewhere", "List price of what went to other upstreams.", {
    read: ({ plan }) => plan.elsewhere,
    write: usd,
    why: "no price or no usage",
  }),
  numberColumn("List price by the plan's window", "What the same work costs without a plan.", {
    read: ({ amount }) => amount,
    write: usd,
    why: "no price or no usage",
  }),
  numberColumn("Divergence from the plan", "List price ÷ plan price, less 1.", {
    read: ({ plan }) => plan.list_divergence,
    write: formatPercent,
    why: "one of them is unknown or 0",
  }),
];
