import type { PairLine } from "../report/comparison-data.ts";
import type { ReportData } from "../report/report-data.ts";
import { affectedFootnote } from "../text/affected-mark.ts";
import { costText } from "../text/amount-text.ts";
import { formatFixed, formatSignificant } from "../text/number-text.ts";
import type { Section } from "./document.ts";
import { METHOD } from "./method.ts";
import { affectedColumn, type ColumnOf, countCell, tableOf, textOf } from "./parts.ts";

/** Each task in each replicate, for the baseline and a candidate. */
export function pairSection({ asked, pairs }: ReportData): Section {
  const isSeveral = asked.candidates.length > 1;
  const order = isSeveral
    ? "Order: which of the two came first; there may be others between them."
    : "Order AB: the baseline first.";
  return {
    id: "pairs",
    title: "Pairs",
    blocks: [
      tableOf({
        id: "pairs",
        items: pairs,
        columns: pairColumns(asked, isSeveral),
        none: "No pair was planned.",
        meaning: "A pair is one task, worked by the baseline and by a candidate.",
        method: METHOD.order,
      }),
      ...(pairs.length === 0 ? [] : [textOf(order)]),
      ...affectedFootnote(pairs.map(({ touched_by }) => touched_by)).map(textOf),
    ],
  };
}

const FIRST = { AB: "baseline first", BA: "candidate first" } as const;

function pairColumns(
  { cost_measure: measure }: ReportData["asked"],
  isSeveral: boolean,
): readonly ColumnOf<PairLine>[] {
  const cost = (value: number) => costText(value, measure);
  return [
    { title: "Task", isKey: true, cell: ({ feature_id }) => feature_id },
    { title: "Replicate", isKey: true, cell: ({ replicate }) => countCell(replicate) },
    { title: "Candidate", isKey: true, cell: ({ candidate }) => candidate },
    { title: "Order", cell: ({ sequence }) => (isSeveral ? FIRST[sequence] : sequence) },
    affectedColumn("Baseline cost", "Cost of the baseline's window.", {
      read: (pair) => pair.baseline_cost,
      write: cost,
    }),
    affectedColumn("Candidate cost", "Cost of the candidate's window.", {
      read: (pair) => pair.candidate_cost,
      write: cost,
    }),
    affectedColumn("Ratio", "Baseline ÷ candidate; 2 means that the candidate needs half.", {
      read: (pair) => pair.cost_ratio,
      write: formatSignificant,
    }),
    affectedColumn("Baseline quality", "Quality of the baseline's window.", {
      read: (pair) => pair.baseline_quality,
      write: toThousandths,
    }),
    affectedColumn("Candidate quality", "Quality of the candidate's window.", {
      read: (pair) => pair.candidate_quality,
      write: toThousandths,
    }),
    { title: "Remark", cell: sayRemark },
  ];
}

function toThousandths(quality: number): string {
  return formatFixed(quality, 3);
}

function sayRemark({ reason, has_capped: hasCapped }: PairLine): string {
  return [reason, hasCapped ? "a cost is a lower bound" : null]
    .filter((remark) => remark !== null)
    .join("; ");
}
