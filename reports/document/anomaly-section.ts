import type { ReportData, RowCounts } from "../report/report-data.ts";
import type { Section, TextBlock } from "./document.ts";
import { METHOD } from "./method.ts";
import { countCell, tableOf, textOf } from "./parts.ts";

/** What was unclean, and the rows that no figure counts. */
export function anomalySection(report: ReportData): Section {
  const { anomalies, unreadable_rows, unknown_rows, duplicate_rows } = report;
  return {
    id: "anomalies",
    title: "Anomalies",
    method: METHOD.anomalies,
    blocks: [
      tableOf({
        id: "anomalies",
        items: anomalies,
        columns: [
          { title: "No", isKey: true, cell: ({ number }) => countCell(number) },
          { title: "Kind", cell: ({ kind }) => kind },
          { title: "Affects", cell: ({ touches }) => touches.join(", ") },
          { title: "Windows", cell: ({ windows }) => windows.join(", ") },
          { title: "What was done", cell: ({ action }) => action },
        ],
        none: "None was recorded.",
        meaning: "A figure with † and a number is affected by the anomaly of that number.",
        method: METHOD.anomalies,
      }),
      ...rowText(
        "Rows that break their schema, or have a later one, enter no figure:",
        unreadable_rows,
      ),
      ...rowText(
        "Rows of records that this version does not know are kept and enter no figure:",
        unknown_rows,
      ),
      ...rowText("Rows with the id of another row enter no figure:", duplicate_rows),
    ],
  };
}

function rowText(title: string, rows: RowCounts): readonly TextBlock[] {
  if (rows.length === 0) return [];
  return [textOf(`${title} ${rows.map(({ record, rows: n }) => `${record} ${n}`).join(", ")}.`)];
}
