import type { WindowLine } from "../evidence/observe-windows.ts";
import type { ReportData } from "../report/report-data.ts";
import { affectedFootnote, markAffected } from "../text/affected-mark.ts";
import { costText } from "../text/amount-text.ts";
import { formatFixed } from "../text/number-text.ts";
import { windowLabel } from "../text/window-label.ts";
import type { Block, Section } from "./document.ts";
import { METHOD } from "./method.ts";
import {
  affectedColumn,
  type ColumnOf,
  countCell,
  figuresOf,
  numberColumn,
  tableOf,
  textOf,
} from "./parts.ts";
import { missingAffectedBy, outcomesText } from "./shared-lines.ts";

const NOT_RUN = "not run";

/** Every planned window and how it ended. */
export function windowSection(report: ReportData): Section {
  const { asked, ran } = report;
  return {
    id: "windows",
    title: "Windows",
    blocks: [
      countFigures(report),
      missingTable(report),
      tableOf({
        id: "windows",
        items: ran.schedule,
        columns: windowColumns(asked),
        none: "No window was planned.",
        meaning: "A window is one attempt chain of one provider at one task, in the planned order.",
        method: METHOD.order,
      }),
      ...affectedFootnote(ran.schedule.map(({ touched_by }) => touched_by)).map(textOf),
    ],
  };
}

function countFigures({ ran: { windows, attempts, outcomes, schedule } }: ReportData): Block {
  return figuresOf(METHOD.sources, [
    {
      name: "Windows",
      value: `${windows.planned} planned, ${windows.valid} valid, ${windows.missing} missing, ${windows.not_run} not run`,
      meaning: "A valid window enters the figures; a missing one says nothing about the work.",
    },
    {
      name: "Outcomes",
      value: outcomesText(outcomes, schedule),
      meaning: "How the final attempts ended.",
    },
    {
      name: "Attempts",
      value: `${attempts.opened} opened, ${attempts.interrupted} interrupted, ${attempts.unfinished} without an end`,
      meaning: "A window is tried again only if the agent did not cause the end.",
    },
  ]);
}

function missingTable({ ran }: ReportData): Block {
  return tableOf({
    id: "missing-windows",
    items: ran.missing,
    columns: [
      { title: "Provider", isKey: true, cell: ({ provider }) => provider },
      { title: "Period", isKey: true, cell: ({ period }) => String(period) },
      { title: "Cause", isKey: true, cell: ({ cause }) => cause },
      numberColumn<ReportData["ran"]["missing"][number]>(
        "Missing windows",
        "Windows that ended for this cause.",
        { read: ({ windows }) => windows, affectedBy: (one) => missingAffectedBy(ran, one) },
      ),
    ],
    none: "No window is missing.",
    meaning: "A comparison that loses the expensive windows of one side is not fair.",
    method: METHOD.sources,
  });
}

export function windowColumns(asked: ReportData["asked"]): readonly ColumnOf<WindowLine>[] {
  return [
    {
      title: "Window",
      isKey: true,
      cell: ({ window, agent, touched_by }) =>
        window === null
          ? "no id yet"
          : { text: markAffected(windowLabel(window, agent), touched_by), sort: null, window },
    },
    { title: "Task", isKey: true, cell: ({ feature_id }) => feature_id },
    { title: "Replicate", isKey: true, cell: ({ replicate }) => countCell(replicate) },
    {
      title: "Period",
      meaning: "The place of the window in its set; 1 is the first.",
      cell: ({ period }) => countCell(period),
    },
    { title: "Provider", isKey: true, cell: ({ provider }) => provider },
    numberColumn("Run as", "Its place in the order in which windows were really run.", {
      read: ({ executed_order: order }) => order,
      why: "not run to its end",
    }),
    numberColumn("Attempts", "How often it was begun.", { read: ({ attempts }) => attempts }),
    {
      title: "Outcome",
      cell: ({ outcome, touched_by }) =>
        outcome === null ? NOT_RUN : markAffected(outcome, touched_by),
    },
    ...measureColumns(asked),
    { title: "Remark", cell: sayRemark },
  ];
}

function measureColumns({
  cost_measure: measure,
}: ReportData["asked"]): readonly ColumnOf<WindowLine>[] {
  return [
    {
      title: "Scenarios",
      meaning: "Scenarios of the hidden suite that passed, of all.",
      cell: ({ scenarios, scenarios_passed, touched_by }) =>
        (scenarios ?? 0) === 0
          ? "n/a (none was run)"
          : markAffected(`${scenarios_passed ?? 0} of ${scenarios}`, touched_by),
    },
    affectedColumn("Quality", "From 0 to 1, by the registered rule.", {
      read: ({ quality }) => quality,
      write: (value) => formatFixed(value, 3),
      why: ({ state }) => (state === "not_run" ? NOT_RUN : "not graded"),
    }),
    affectedColumn(
      "Cost",
      "In the registered measure; ≥ before it means that the true cost is higher.",
      {
        read: ({ cost }) => cost,
        write: (value, { is_lower_bound }) =>
          `${is_lower_bound ? "≥ " : ""}${costText(value, measure)}`,
        why: ({ state }) => (state === "not_run" ? NOT_RUN : "unknown"),
      },
    ),
  ];
}

/** `missing: The plan's limit.` */
function sayRemark({ state, reason }: WindowLine): string {
  return [state === "missing" ? "missing" : null, reason]
    .filter((remark) => remark !== null)
    .join(": ");
}
