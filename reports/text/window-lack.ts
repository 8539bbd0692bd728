import type { Outcome } from "../../ledger/domain/outcome.ts";

const WORDS = {
  no_before: "no before",
  no_after: "no after",
  readings_changed: "its readings have changed since it was completed",
  commit_start: "no commit_start",
  commit_end: "no commit_end",
  methodology: "no methodology",
  no_quality: "no quality",
  no_cost: "no cost in the measure that is compared",
  no_subagent: "no request of a sub-agent",
};

/** Says what a window lacks to count, as the audit and the preview do. */
export function sayLack(lack: keyof typeof WORDS | "outcome", outcome: Outcome | null): string {
  return lack === "outcome" ? `outcome ${outcome ?? ""}` : WORDS[lack];
}
