import type { RoleWorked, TeamReviewed } from "../../../ledger/domain/role-worked.ts";
import { epochMsOf, timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { Filed } from "../../../ledger/views/test-support/sample-ledger.ts";
import { type Cell, reviewed, turned } from "../../../ledger/views/test-support/sample-rows.ts";

const MINUTE_MS = 60_000;
const START_MS = epochMsOf("2026-01-01T00:00:00.000Z");

/** A review that sends work back once: who works, in which round, and with how many tokens. */
const TURNS = [
  ["planner", "/plan", "plan", 1, 100],
  ["implementer", "/implement", "implementation", 1, 500],
  ["reviewer", "/review", "review", 1, 200],
  ["implementer", "/implement", "implementation", 2, 100],
  ["reviewer", "/review", "review", 2, 50],
  ["documenter", "/document", "documentation", 1, 50],
] as const;

interface Changes {
  readonly turn?: (turn: RoleWorked["turn"]) => Partial<RoleWorked>;
  readonly retrospective?: Partial<TeamReviewed>;
}

/** The rows of a team in a window: six turns of a minute each, with 1000 tokens in all. */
export function teamRows(cell: Cell, changes: Changes = {}): readonly Filed[] {
  return [
    ...TURNS.map(([role, command, kind, round, tokens], index): Filed => {
      const turn = index + 1;
      const isBuilder = role === "implementer";
      return [
        "handoffs",
        turned(cell, {
          turn,
          role,
          command,
          round,
          started_at: timestampOf(START_MS + index * MINUTE_MS),
          ended_at: timestampOf(START_MS + turn * MINUTE_MS),
          duration_ms: MINUTE_MS,
          usage: { input_uncached: tokens, cache_read: 7, requests: 1 },
          commit: isBuilder ? "a".repeat(40) : null,
          churn: isBuilder ? { files_changed: 1, insertions: 10, deletions: 2 } : null,
          handoff: { kind, sha256: "b".repeat(64), content: {} },
          ...changes.turn?.(turn),
        }),
      ];
    }),
    ["handoffs", reviewed(cell, changes.retrospective)],
  ];
}
