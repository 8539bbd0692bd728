import { z } from "zod";

import { Timestamp } from "./timestamp.ts";
import { Usage } from "./usage.ts";
import { Churn, WindowKey } from "./window.ts";

const Share = z.number().min(0).max(1);
const Count = z.int().nonnegative();
const Dollars = z.number().nonnegative();

/** How a role's turn ended. Only `handed_over` lets the next role begin, unless the workflow says otherwise. */
export const TurnEnd = z.enum([
  "handed_over",
  "handoff_failed",
  "budget_spent",
  "timed_out",
  "crashed",
  "stopped",
]);
export type TurnEnd = z.infer<typeof TurnEnd>;

/** A role's own limits in one window; null: none. */
const RoleLimits = z
  .looseObject({
    tokens: z.int().positive().nullable(),
    usd: z.number().positive().nullable(),
    minutes: z.number().positive().nullable(),
  })
  .readonly();

/** A handoff as it was accepted. */
export const KeptHandoff = z
  .looseObject({
    kind: z.enum(["plan", "implementation", "review", "documentation"]),
    sha256: z.string(),
    /** The front matter, which the schema of its kind has checked (docs/handoff.schema.json). */
    content: z.record(z.string(), z.unknown()).readonly(),
  })
  .readonly();
export type KeptHandoff = z.infer<typeof KeptHandoff>;

/** A change that the role was not allowed to make, and that was discarded. */
const Breach = z.looseObject({ path: z.string(), change: z.string() }).readonly();

/** Row `role_worked`: one turn of a role in an attempt. A role that gets its work back has a turn more. */
export const RoleWorked = z.looseObject({
  record: z.literal("role_worked"),
  ...WindowKey,
  /** Place of the turn in its attempt, from 1. */
  turn: z.int().positive(),
  role: z.string(),
  command: z.string(),
  /** 1 for the role's first turn in the attempt; one more each time that work comes back. */
  round: z.int().positive(),
  /** The provider and the model that worked. */
  worked_by: z.string(),
  model: z.string(),
  started_at: Timestamp,
  ended_at: Timestamp,
  duration_ms: z.number().nonnegative(),
  end: TurnEnd,
  /** Why it ended so, in a sentence; null if it handed over. */
  reason: z.string().nullable(),
  usage: Usage,
  /** Dollars by our price list; null if a model has no price. */
  dollars: Dollars.nullable(),
  requests: Count,
  limits: RoleLimits,
  /** The commit that the harness made in the role's name; null if the role changed nothing. */
  commit: z.string().nullable(),
  /** What that commit changed; null if git could not measure it. */
  churn: Churn.nullable(),
  /** The share passed by the work after this turn; null if the turn changed nothing or nothing was graded. */
  quality: Share.nullable(),
  handoff: KeptHandoff.nullable(),
  /** Faults by line of each handoff that was sent back. */
  refused_handoffs: z.array(z.array(z.string()).readonly()).readonly(),
  /** At most a hundred of them. */
  breaches: z.array(Breach).readonly(),
  breach_count: Count,
});
export type RoleWorked = z.infer<typeof RoleWorked>;

/** One return of work: who sent it, to whom, why, and what the turns that it led to cost. */
const SentBack = z
  .looseObject({
    from: z.string(),
    to: z.string(),
    /** The round of the review. */
    round: z.int().positive(),
    findings: z.array(z.looseObject({ number: z.int().positive(), name: z.string() })).readonly(),
    /** Tokens of all classes, of the turns from this review to the next one. */
    tokens: Count,
    dollars: Dollars.nullable(),
    duration_ms: z.number().nonnegative(),
  })
  .readonly();

/** A finding of a review, over all rounds. */
const SettledFinding = z
  .looseObject({
    number: z.int().positive(),
    name: z.string(),
    file: z.string(),
    line: z.int().positive(),
    status: z.enum(["open", "resolved"]),
    found_in_round: z.int().positive(),
    /** The round of the review that called it resolved; null while it is open. */
    resolved_in_round: z.int().positive().nullable(),
  })
  .readonly();

/** Row `team_reviewed`: a retrospective of a team's window: what was sent back, why, and what it cost. */
export const TeamReviewed = z.looseObject({
  record: z.literal("team_reviewed"),
  ...WindowKey,
  turns: z.int().positive(),
  /** How often work was sent back. */
  rework_rounds: Count,
  sent_back: z.array(SentBack).readonly(),
  refused_handoffs: Count,
  findings: z.array(SettledFinding).readonly(),
  /** The plan's limit on changed lines; null without a plan. */
  planned_lines_max: z.int().positive().nullable(),
  /** Lines added and removed from the start to the end; null if unknown. */
  changed_lines: Count.nullable(),
  /** Names of the deliverables that exist: usage, reference, examples, troubleshooting, change_note. */
  deliverables: z.array(z.string()).readonly(),
  breach_count: Count,
  /** Quality of the first implementation, before any review; null if unknown. */
  quality_before_review: Share.nullable(),
  /** Quality of the final work; null if nothing was graded. */
  quality_after_review: Share.nullable(),
});
export type TeamReviewed = z.infer<typeof TeamReviewed>;
