/** Headings of `docs/method.md` that explain figures, as anchors. */
export const METHOD = {
  question: "the-question",
  answer: "the-answer",
  order: "why-abba",
  sources: "sources-of-the-figures",
  conditions: "equal-conditions",
  isolation: "isolation-and-network",
  cost: "cost-quality-and-efficiency",
  dollars: "dollars",
  errors: "errors-and-latency",
  intervals: "intervals-and-why-anytime-valid",
  looks: "looks",
  gates: "gates-and-what-stay-lean-means",
  itself: "the-baseline-against-itself",
  stopRules: "stop-rules",
  budgets: "budgets",
  teams: "teams",
  anomalies: "anomalies",
  ends: "ends-that-the-provider-caused",
  reconciliation: "reconciliation",
  regrading: "later-gradings",
  reproduction: "reproduction",
  manual: "manual-windows",
} as const;

export type MethodAnchor = (typeof METHOD)[keyof typeof METHOD];
