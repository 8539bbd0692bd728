/** The files of a ledger (without ".jsonl"), in the order in which a reader meets them. */
export const LEDGER_FILES = [
  "experiments",
  "assignments",
  "snapshots",
  "windows",
  "proxy_telemetry",
  "usage",
  "budgets",
  "anomalies",
  "churn",
  "handoffs",
  "looks",
  "decisions",
  "backlog",
  "checkpoints",
] as const;
export type LedgerFile = (typeof LEDGER_FILES)[number];
