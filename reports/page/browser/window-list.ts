import { rowAt } from "../columns.ts";
import type { ListTitle } from "../list-columns.ts";
import type { ListedWindow, WindowData } from "../page-data.ts";
import { compareTexts, type ShownCell, type TableRows } from "./table-view.ts";
import { costText, orDash, windowAddress, windowName } from "./window-texts.ts";

interface ListColumn {
  readonly title: ListTitle;
  readonly isNumber?: boolean;
  readonly cell: (window: ListedWindow, data: WindowData) => ShownCell;
}

const COLUMNS: readonly ListColumn[] = [
  {
    title: "Window",
    cell: (window) => ({ text: windowName(window), href: windowAddress(window) }),
  },
  { title: "Task", cell: ({ feature_id }) => ({ text: feature_id }) },
  { title: "Provider", cell: ({ provider }) => ({ text: provider }) },
  { title: "Outcome", cell: (window) => ({ text: outcomeOf(window) }) },
  number(
    "Quality",
    ({ quality }) => quality,
    (value) => value.toFixed(3),
  ),
  {
    title: "Cost",
    isNumber: true,
    cell: (window, { measure }) => ({ text: costText(window, measure), sort: window.cost }),
  },
  {
    title: "Scenarios",
    isNumber: true,
    cell: ({ scenarios_passed: passed, scenarios }) => ({
      text:
        scenarios === null || scenarios === 0 ? "–" : `${String(passed ?? 0)}/${String(scenarios)}`,
      sort: scenarios === null || scenarios === 0 ? null : (passed ?? 0) / scenarios,
    }),
  },
  number("Requests", ({ requests }) => requests),
  number("Errors", ({ errors }) => errors),
  number("Replicate", ({ replicate }) => replicate),
  number("Period", ({ period }) => period),
  number("Run as", ({ executed_order: order }) => order),
  number("Attempts", ({ attempts }) => attempts),
  { title: "Flags", cell: (window) => ({ text: flagsOf(window).join(", ") || "–" }) },
];

function number(
  title: ListTitle,
  read: (window: ListedWindow) => number | null,
  say: (value: number) => string = String,
): ListColumn {
  return {
    title,
    isNumber: true,
    cell: (window) => ({ text: orDash(read(window), say), sort: read(window) }),
  };
}

/** The list of all windows as a table. */
export function listRows(data: WindowData): TableRows {
  const { windows } = data;
  const count = windows.window.length;
  const all = Array.from({ length: count }, (_, place) => rowAt(windows, place));
  const values = (read: (window: ListedWindow) => readonly string[]) =>
    [...new Set(all.flatMap(read))].toSorted(compareTexts);
  const choice = (label: string, read: (window: ListedWindow) => readonly string[]) => ({
    label,
    values: values(read),
    of: (row: number) => {
      const window = all[row];
      return window === undefined ? [] : read(window);
    },
  });
  return {
    caption: "All windows",
    columns: COLUMNS,
    count,
    cell: (row, column) => {
      const window = all[row];
      return (window && COLUMNS[column]?.cell(window, data)) ?? { text: "" };
    },
    choices: [
      choice("Provider", ({ provider }) => [provider]),
      choice("Task", ({ feature_id }) => [feature_id]),
      choice("Outcome", (window) => [outcomeOf(window)]),
      choice("Flag", flagsOf),
    ],
  };
}

export function outcomeOf({ outcome }: ListedWindow): string {
  return outcome ?? "not run";
}

/** Why a reader may want to look at a window. */
function flagsOf({ state, touched_by, errors, is_lower_bound }: ListedWindow): readonly string[] {
  return [
    ...(state === "missing" ? ["missing"] : []),
    ...(touched_by.length > 0 ? ["anomaly"] : []),
    ...((errors ?? 0) > 0 ? ["errors"] : []),
    ...(is_lower_bound ? ["at least"] : []),
  ];
}
