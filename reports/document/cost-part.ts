import type { ArmsFit, Comparison } from "../report/comparison-data.ts";
import { ratioText, testText } from "../report/estimate.ts";
import type { ReportData } from "../report/report-data.ts";
import { affectedFootnote, markFigure } from "../text/affected-mark.ts";
import { formatSignificant, sayP } from "../text/number-text.ts";
import { AGAINST_ITSELF_TITLE, againstItselfLines } from "./against-itself-lines.ts";
import type { Block, Figure, Section } from "./document.ts";
import { METHOD } from "./method.ts";
import {
  affectedColumn,
  type ColumnOf,
  figuresOf,
  listOf,
  notAvailable,
  type NumberColumn,
  tableOf,
  textOf,
} from "./parts.ts";
import { ARMS_TITLE, missingText, ordersText } from "./shared-lines.ts";

/** What the pairs say about cost: a part for each candidate, all providers at once, and chance. */
export function costParts(report: ReportData): readonly Section[] {
  const { comparisons, arms, asked } = report;
  const { baseline } = asked;
  const isSeveral = comparisons.length > 1;
  return [
    ...comparisons.map((one, index) => comparisonPart(one, { baseline, isSeveral, index })),
    ...(arms === null ? [] : [armsPart(arms)]),
    ...itselfPart(report),
  ];
}

interface Setting {
  readonly baseline: string | null;
  readonly isSeveral: boolean;
  readonly index: number;
}

/** The same in short: the ratios and the pairs, and all providers at once. */
export function costSummary({ comparisons, arms, asked }: ReportData): readonly Section[] {
  const isSeveral = comparisons.length > 1;
  return [
    ...comparisons.map((one, index) => ({
      id: `cost-${index + 1}`,
      title: costTitle(asked.baseline, one),
      about: one.candidate,
      blocks: [comparisonFigures(one, isSeveral, true)],
    })),
    ...(arms === null ? [] : [armsPart(arms)]),
  ];
}

function costTitle(baseline: string | null, { candidate }: Comparison): string {
  return `Cost ratio ${baseline ?? "baseline"} ÷ ${candidate}`;
}

/** In short, what three or more providers can't have is left out. */
function comparisonFigures(comparison: Comparison, isSeveral: boolean, isShort = false): Block {
  const ratios = ratioFigures(comparison, isSeveral);
  return figuresOf(METHOD.cost, [
    ...ratios.filter(({ method }) => !(isShort && isSeveral && method === METHOD.order)),
    ...countFigures(comparison, isSeveral),
  ]);
}

function comparisonPart(comparison: Comparison, { baseline, isSeveral, index }: Setting): Section {
  const { candidate, statements, touched_by } = comparison;
  return {
    id: `cost-${index + 1}`,
    title: costTitle(baseline, comparison),
    about: candidate,
    blocks: [
      comparisonFigures(comparison, isSeveral),
      ...listOf(statements.map((statement) => markFigure(statement, touched_by))),
      ...affectedFootnote([touched_by]).map(textOf),
    ],
  };
}

type CostFigure = Parameters<typeof figuresOf>[1][number];

function ratioFigures(comparison: Comparison, isSeveral: boolean): readonly CostFigure[] {
  const { cost_ratio, adjusted_cost_ratio, order_effect, totals_ratio, carryover } = comparison;
  const mark = (text: string) => markFigure(text, comparison.touched_by);
  const estimate = (
    name: string,
    found: Comparison["cost_ratio"],
    meaning: string,
  ): Omit<Figure, "method"> => {
    const test = found.p_two_sided === null ? "" : `; ${testText(found)} against 1`;
    const value = mark(`${ratioText(found)}${test}`);
    return { name, value, number: found.value, interval: found.ci95, meaning };
  };
  return [
    isSeveral
      ? estimate(
          "Cost ratio, all providers in one model",
          adjusted_cost_ratio,
          "Baseline ÷ candidate, with the effect of the period taken out; looks take the candidate's own pairs alone.",
        )
      : estimate(
          "Cost ratio, adjusted for order",
          adjusted_cost_ratio,
          "Baseline ÷ candidate, with the effect of the order taken out; 2 means half the cost.",
        ),
    estimate(
      "Cost ratio, not adjusted",
      cost_ratio,
      "Geometric mean of the paired ratios, in any order.",
    ),
    {
      name: "Ratio of totals",
      value: mark(
        totals_ratio === null ? notAvailable("no complete pair") : formatSignificant(totals_ratio),
      ),
      number: totals_ratio,
      meaning: "Sum of the baseline's costs ÷ sum of the candidate's.",
    },
    {
      ...estimate(
        "Order effect",
        order_effect,
        "Cost in period 1 ÷ cost in period 2, whichever provider.",
      ),
      method: METHOD.order,
    },
    {
      name: "Carry-over",
      value: mark(
        carryover.p_two_sided === null
          ? notAvailable(carryover.reason ?? "not tested")
          : sayP(carryover.p_two_sided),
      ),
      number: carryover.p_two_sided,
      meaning: "Whether the first window changed the second; reported only.",
      method: METHOD.order,
    },
  ];
}

function countFigures(
  { pairs, touched_by }: Comparison,
  isSeveral: boolean,
): readonly CostFigure[] {
  const { planned, complete, incomplete, capped } = pairs;
  const text = `${planned} planned, ${complete} complete (${ordersText(pairs, isSeveral)}), ${incomplete} incomplete (${missingText(pairs, isSeveral)}), ${capped} with a cost that is a lower bound`;
  return [
    {
      name: "Pairs",
      value: markFigure(text, touched_by),
      number: complete,
      meaning: "Only complete pairs enter the ratios.",
      method: METHOD.order,
    },
  ];
}

type ArmsLine = ArmsFit["candidates"][number];

/** A column of p-values. */
function testColumn(
  title: string,
  meaning: string,
  parts: Pick<NumberColumn<ArmsLine>, "read">,
): ColumnOf<ArmsLine> {
  return affectedColumn(title, meaning, { write: sayP, why: "too few windows", ...parts });
}

export function armsPart(arms: ArmsFit): Section {
  return {
    id: "all-providers",
    title: "All providers together",
    blocks: [
      textOf(
        `${ARMS_TITLE}. ${arms.windows} windows, status ${arms.status}. Tests are one-sided; Holm adjusts for the number of candidates.`,
      ),
      tableOf({
        id: "all-providers",
        items: arms.candidates,
        columns: [
          { title: "Candidate", isKey: true, cell: ({ candidate }) => candidate },
          {
            title: "Cost ratio, all providers",
            isNumber: true,
            meaning: "Baseline ÷ candidate, from one model of all windows.",
            cell: ({ cost_ratio, touched_by }) => ({
              text: markFigure(ratioText(cost_ratio), touched_by),
              sort: cost_ratio.value,
            }),
          },
          testColumn("Above 1", "Test that the candidate is cheaper.", {
            read: (line) => line.p_above_1,
          }),
          testColumn("Above 2", "Test that it needs less than half.", {
            read: (line) => line.p_above_2,
          }),
          testColumn("Above 2, Holm", "The same, for all candidates.", {
            read: (line) => line.p_above_2_holm,
          }),
        ],
        meaning: "Three or more providers in one model of task, period and provider.",
        method: METHOD.gates,
      }),
    ],
  };
}

export function itselfPart(report: ReportData): readonly Section[] {
  const lines = againstItselfLines(report);
  if (lines.length === 0) return [];
  return [{ id: "against-itself", title: AGAINST_ITSELF_TITLE, blocks: listOf(lines) }];
}
