/** Figures of a preview whose rows can be listed, with their meanings. */
export const EXPLAINED = {
  windows: "Every window with a final row, and how it ended.",
  cost: "The cost of each valid window, in the measure that is compared.",
  quality: "The share of held-out scenarios that each valid window passed.",
  tokens: "The tokens of each valid window, of all classes.",
  churn: "The lines that each valid window added and deleted.",
  capacity: "What each window took of its meters.",
  efficiency: "The quality of each valid window, and what it took for it.",
  dollars: "The dollars of each final window, by list price and by plan.",
  routed: "The prompts of each attempt, with the backend that got them.",
  errors: "The failed requests of the valid windows. Each had an error status, or broke off.",
  p50: "The median request of the valid windows by provider, or the two next to the median, in milliseconds.",
  p95: "The slowest requests of the valid windows: those at or above their provider's 95th percentile, in milliseconds.",
  budgets: "The debits of each attempt, in tokens.",
  power: "The last look at each candidate, which found this power.",
  anomalies: "Every anomaly that still holds, with the rows and windows that it affects.",
} as const;

export type ExplainedFigure = keyof typeof EXPLAINED;

export const EXPLAINED_FIGURES = [
  "windows",
  "cost",
  "quality",
  "tokens",
  "churn",
  "capacity",
  "efficiency",
  "dollars",
  "routed",
  "errors",
  "p50",
  "p95",
  "budgets",
  "power",
  "anomalies",
] as const satisfies readonly ExplainedFigure[];
