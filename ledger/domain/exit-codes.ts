/** How a process of this program ends. Scripts may rely on every number. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  budget: 4,
  halted: 5,
  damaged: 6,
  stayLean: 10,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What help and reference say about each code. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  [EXIT.done]: "done; for gate: expand",
  [EXIT.failed]: "failed",
  [EXIT.usage]: "wrong usage or configuration",
  [EXIT.refused]: "refused, because it would break a rule on clean data",
  [EXIT.budget]: "stopped by a budget",
  [EXIT.halted]: "halted by a stop rule",
  [EXIT.damaged]: "the ledger is damaged",
  [EXIT.stayLean]: "for gate: stay lean",
  [EXIT.interrupted]: "interrupted; everything is saved",
};
