import { z } from "zod";

import { TurnEnd } from "../../ledger/domain/role-worked.ts";
import {
  AffectedBy,
  Count,
  exact,
  listOf,
  NumberOrNull,
  Text,
  TextOrNull,
} from "../evidence/schema.ts";

const Share = z.number().min(0).max(1).nullable();
const Milliseconds = z.number().nonnegative();

/** What a turn is for, by the kind of its handoff; `other` if neither handoff nor command says it. */
export const TeamPhase = z.enum(["planning", "building", "reviewing", "documenting", "other"]);
export type TeamPhase = z.infer<typeof TeamPhase>;

/** Tokens in the cost's basis, dollars (null: a price is unknown) and time; turns side by side count in full. */
const Spent = { turns: Count, tokens: Count, dollars: NumberOrNull, duration_ms: Milliseconds };
const TeamSpent = exact(Spent);
export type TeamSpent = z.infer<typeof TeamSpent>;

/** A part of what a team spent, as shares of the whole; the first in the measure that is compared. */
const TeamPart = exact({ ...Spent, cost_share: Share, time_share: Share });
export type TeamPart = z.infer<typeof TeamPart>;

/** One provider's team, over its valid windows. */
export const TeamFigures = exact({
  provider: Text,
  windows: Count,
  /** Windows with a retrospective, which rework, findings, lines, deliverables and quality are from. */
  retrospectives: Count,
  spent: TeamSpent,
  /** Those with a turn. */
  phases: listOf(exact({ phase: TeamPhase, ...TeamPart.def.innerType.shape })),
  /** Turns after work was sent back. They are parts of the phases too. */
  rework: exact({ rounds: Count, ...TeamPart.def.innerType.shape }),
  /** Turns that review, and those of the rework. */
  review_loop: TeamPart,
  /** Means over windows that have both. */
  quality: exact({
    windows: Count,
    before_review: NumberOrNull,
    after_review: NumberOrNull,
    improved: Count,
    worsened: Count,
  }),
  /** `first`: those of the first review. */
  findings: exact({ found: Count, resolved: Count, first_found: Count, first_resolved: Count }),
  handoffs_refused: Count,
  breaches: Count,
  /** Windows with a planned limit on changed lines and a count of them, and those beyond the limit. */
  lines: exact({ windows: Count, planned: Count, changed: Count, over: Count }),
  /** `possible`: five for each retrospective. */
  deliverables: exact({ made: Count, possible: Count }),
  touched_by: AffectedBy,
});
export type TeamFigures = z.infer<typeof TeamFigures>;

/** One turn of a role. Names and texts are those of the workflow and of agents. */
export const TeamTurn = exact({
  turn: Count,
  role: Text,
  command: Text,
  phase: TeamPhase,
  round: Count,
  worked_by: Text,
  model: Text,
  /** Since the first turn began. */
  starts_after_ms: z.number(),
  duration_ms: Milliseconds,
  tokens: Count,
  dollars: NumberOrNull,
  limits: exact({ tokens: NumberOrNull, usd: NumberOrNull, minutes: NumberOrNull }),
  end: TurnEnd,
  reason: TextOrNull,
  commit: TextOrNull,
  /** null: it changed nothing, or git could not measure it. */
  lines: exact({ files: Count, added: Count, removed: Count }).nullable(),
  quality: NumberOrNull,
  handoffs_refused: Count,
  breaches: Count,
});
export type TeamTurn = z.infer<typeof TeamTurn>;

/** A return of work: tokens of all classes, of the turns from this review to the next one. */
const TeamReturn = exact({
  round: Count,
  from: Text,
  to: Text,
  findings: listOf(exact({ number: Count, name: Text })),
  tokens: Count,
  dollars: NumberOrNull,
  duration_ms: Milliseconds,
});
export type TeamReturn = z.infer<typeof TeamReturn>;

/** A window that a team worked, valid or missing. */
export const TeamWindowData = exact({
  window: Text,
  provider: Text,
  feature_id: Text,
  turns: listOf(TeamTurn),
  returns: listOf(TeamReturn),
  touched_by: AffectedBy,
});
export type TeamWindowData = z.infer<typeof TeamWindowData>;

/** A team and a provider that works alone, over their complete pairs. */
export const TeamAgainstSolo = exact({
  team: Text,
  solo: Text,
  pairs: Count,
  /** Those with a window that a limit ended: its work would have cost more. */
  capped: Count,
  /** Team ÷ solo: 2 means that the team costs twice as much. null: not known or not comparable. */
  cost_ratio: NumberOrNull,
  team_quality: NumberOrNull,
  solo_quality: NumberOrNull,
  text: Text,
  touched_by: AffectedBy,
});
export type TeamAgainstSolo = z.infer<typeof TeamAgainstSolo>;

/** What teams did. */
export const Teams = exact({
  providers: listOf(TeamFigures),
  windows: listOf(TeamWindowData),
  against_solo: listOf(TeamAgainstSolo),
});
export type Teams = z.infer<typeof Teams>;
