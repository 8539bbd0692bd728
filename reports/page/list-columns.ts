/** What the columns of the page's own list of windows say. */
export const LIST_MEANINGS = {
  Window: "The window's id; it leads to the window's page.",
  Task: "The task that was worked.",
  Provider: "The provider that worked it.",
  Outcome: "How the final attempt ended.",
  Quality: "From 0 to 1, by the registered rule.",
  Cost: "In the registered measure; ≥ before it means that the true cost is higher.",
  Scenarios: "Scenarios of the hidden suite that passed, of all.",
  Requests: "Requests of the final attempt that went through the proxy.",
  Errors: "Those requests that failed.",
  Replicate: "The number of the repetition; 1 is the first.",
  Period: "The place of the window in its set; 1 is the first.",
  "Run as": "Its place in the order in which windows were really run.",
  Attempts: "How often it was begun.",
  Flags:
    "Why a reader may want to look: it is missing, an anomaly affects it, requests failed, or a limit cut it short.",
} as const;

export type ListTitle = keyof typeof LIST_MEANINGS;

export const LIST_COLUMNS = Object.entries(LIST_MEANINGS).map(([title, meaning]) => ({
  title,
  meaning,
}));
