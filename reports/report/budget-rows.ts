import type { Row } from "../../ledger/domain/row.ts";

/** What budgets are read from beside the view. */
export interface BudgetRows {
  /** Those of `budgets.jsonl`, of all experiments, oldest first. */
  readonly rows: Iterable<Row>;
  /** Up to when a rolling period reaches, ms since the Unix epoch; by default to the last row. */
  readonly nowMs?: number;
}
