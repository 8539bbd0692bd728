import type { ExperimentView } from "../../../../ledger/views/experiment-view.ts";
import { gatherEvidence } from "../../../../reports/evidence/evidence.ts";
import { explainFigure } from "../../../../reports/report/explain-figure.ts";
import { EXPLAINED, type ExplainedFigure } from "../../../../reports/report/explained-figures.ts";
import { countNoun } from "../../../../reports/text/number-text.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { COLUMNS, wrapText } from "../../../../reports/text/wrap-text.ts";

const SHOWN_MAX = 40;

interface ExplainedManner {
  readonly json: boolean;
  readonly columns?: number | undefined;
  /** Only the rows of this window. */
  readonly window?: string | undefined;
}

/** A figure's meaning and its rows, as text or as JSON. */
export function showExplained(
  view: ExperimentView,
  figure: ExplainedFigure,
  { json, columns = COLUMNS, window: only }: ExplainedManner,
): string {
  const rows = explainFigure(gatherEvidence(view), figure).filter(
    ({ window }) => only === undefined || window === only,
  );
  const meaning = EXPLAINED[figure];
  if (json) return JSON.stringify({ figure, meaning, rows }, null, 2);
  const shown = rows.slice(0, SHOWN_MAX).map(({ window, provider, value, file, id }) => [
    // The id comes second, since a narrow terminal has no room for the last columns.
    toPlainLine(window ?? "-"),
    id,
    toPlainLine(value),
    toPlainLine(provider ?? "-"),
    `${file}.jsonl`,
  ]);
  const more = rows.length - shown.length;
  return [
    ...wrapText(meaning, columns),
    "",
    rows.length === 0
      ? "No row enters it."
      : plainTable([["Window", "Row", "Value", "Provider", "File"], ...shown], { columns }),
    ...(more > 0 ? [`${countNoun(more, "row")} more with --json`] : []),
  ].join("\n");
}
