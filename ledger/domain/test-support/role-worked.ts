import type { RoleWorked, TeamReviewed } from "../role-worked.ts";

const KEY = {
  experiment_id: "0123456789ab",
  window: "W0-01",
  attempt: 1,
  provider: "base",
  feature_id: "cache",
  replicate: 1,
  period: 1,
} as const;

/** The first turn of an implementer, with the fields that matter to a test. */
export function roleWorked(changes: Partial<RoleWorked> = {}): RoleWorked {
  return {
    record: "role_worked",
    ...KEY,
    turn: 1,
    role: "implementer",
    command: "/implement",
    round: 1,
    worked_by: "base",
    model: "model",
    started_at: "2026-01-01T00:00:00.000Z",
    ended_at: "2026-01-01T00:01:00.000Z",
    duration_ms: 60_000,
    end: "handed_over",
    reason: null,
    usage: { input_uncached: 1000, output: 200, requests: 3 },
    dollars: null,
    requests: 3,
    limits: { tokens: 20_000, usd: null, minutes: 10 },
    commit: "a".repeat(40),
    churn: { files_changed: 1, insertions: 40, deletions: 2 },
    quality: null,
    handoff: {
      kind: "implementation",
      sha256: "b".repeat(64),
      content: { handoff: "implementation", role: "implementer" },
    },
    refused_handoffs: [],
    breaches: [],
    breach_count: 0,
    ...changes,
  };
}

/** The retrospective of a window whose review sent work back once. */
export function teamReviewed(changes: Partial<TeamReviewed> = {}): TeamReviewed {
  return {
    record: "team_reviewed",
    ...KEY,
    turns: 6,
    rework_rounds: 1,
    sent_back: [
      {
        from: "reviewer",
        to: "implementer",
        round: 1,
        findings: [{ number: 1, name: "a limit of 1.5 is accepted" }],
        tokens: 1500,
        dollars: null,
        duration_ms: 90_000,
      },
    ],
    refused_handoffs: 0,
    findings: [
      {
        number: 1,
        name: "a limit of 1.5 is accepted",
        file: "src/lru-cache.mjs",
        line: 5,
        status: "resolved",
        found_in_round: 1,
        resolved_in_round: 2,
      },
    ],
    planned_lines_max: 60,
    changed_lines: 42,
    deliverables: ["usage", "reference", "examples", "troubleshooting", "change_note"],
    breach_count: 0,
    quality_before_review: 0.5,
    quality_after_review: 1,
    ...changes,
  };
}
