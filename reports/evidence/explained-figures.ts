/** Figures of a preview whose rows can be listed, with their meanings. */
export const EXPLAINED = {
  windows: "Every window with a final row, and how it ended.",
  cost: "The cost of each valid window, in the measure that is compared.",
  quality: "The share of held-out scenarios that each valid window passed.",
  tokens: "The tokens of each valid window, of all classes.",
  churn: "The lines that each valid window added and deleted.",
  errors: "The failed requests of the valid windows. Each had an error status, or broke off.",
  p95: "The slowest requests of the valid windows: those at or above their provider's 95th percentile, in milliseconds.",
  anomalies: "Every recorded anomaly, with the rows and windows that it affects.",
} as const;

export type ExplainedFigure = keyof typeof EXPLAINED;

export const EXPLAINED_FIGURES = [
  "windows",
  "cost",
  "quality",
  "tokens",
  "churn",
  "errors",
  "p95",
  "anomalies",
] as const satisfies readonly ExplainedFigure[];
