import type { TeamReviewed } from "../../ledger/domain/role-worked.ts";
import { tokensIn } from "../../ledger/domain/token-basis.ts";
import type { Churn } from "../../ledger/domain/window.ts";
import type { Review } from "./check-round.ts";
import type { Handoff } from "./handoff-schema.ts";
import type { Turn } from "./turn.ts";

/** One return of work, by places of turns: the review's, and that of the first turn that it led to. */
export interface Return {
  readonly review: number;
  readonly first: number;
  /** The role that got its work back. */
  readonly to: string;
}

/** A team's window when it is over. */
export interface FinishedTeam {
  readonly turns: readonly Turn[];
  readonly returns: readonly Return[];
  /** The churn of the whole window; null if unknown. */
  readonly churn: Churn | null;
  /** The quality of the final work; null if nothing was graded. */
  readonly quality: number | null;
}

/** A retrospective without the key of its window: what was sent back, why, and what it cost. */
export function retrospect({ turns, returns, churn, quality }: FinishedTeam) {
  const plan = lastOf(turns, "plan");
  const documents = lastOf(turns, "documentation");
  const built = turns.filter(({ handoff }) => handoff?.content.handoff === "implementation");
  const sentBack = returns.flatMap((one) => describeReturn(one, turns));
  return {
    turns: turns.length,
    rework_rounds: sentBack.length,
    sent_back: sentBack,
    refused_handoffs: sumOf(turns, ({ refusedHandoffs }) => refusedHandoffs.length),
    findings: settleFindings(turns),
    planned_lines_max: plan?.changed_lines_max ?? null,
    changed_lines: churn === null ? null : churn.insertions + churn.deletions,
    deliverables: documents === undefined ? [] : Object.keys(documents.deliverables),
    breach_count: sumOf(turns, ({ breaches }) => breaches.length),
    quality_before_review: built.at(0)?.quality ?? null,
    quality_after_review: quality,
  } satisfies Partial<TeamReviewed>;
}

type Kind = Handoff["handoff"];

function lastOf<K extends Kind>(turns: readonly Turn[], kind: K) {
  return turns
    .flatMap(({ handoff }) => (handoff === null ? [] : [handoff.content]))
    .findLast((content): content is Extract<Handoff, { handoff: K }> => content.handoff === kind);
}

/** The turns that a return led to are those up to the next review of the same role. */
function describeReturn({ review: place, first, to }: Return, turns: readonly Turn[]) {
  const turn = turns.find((one) => one.turn === place);
  const review = turn === undefined ? undefined : reviewOf(turn);
  if (turn === undefined || review === undefined) return [];
  const later = turns.filter((one) => one.turn >= first);
  const again = later.findIndex(({ role }) => role === turn.role);
  const led = again < 0 ? later : later.slice(0, again + 1);
  const dollars = led.map((one) => one.dollars);
  return [
    {
      from: turn.role,
      to,
      round: turn.round,
      findings: review.findings
        .filter(({ status }) => status === "open")
        .map(({ number, name }) => ({ number, name })),
      tokens: sumOf(led, ({ usage }) => tokensIn("all", usage)),
      dollars: dollars.includes(null) ? null : sumOf(led, (one) => one.dollars ?? 0),
      duration_ms: sumOf(led, ({ durationMs }) => Math.round(durationMs)),
    },
  ];
}

function reviewOf({ handoff }: Turn): Review | undefined {
  return handoff?.content.handoff === "review" ? handoff.content : undefined;
}

/** Each finding as the last review left it. */
function settleFindings(turns: readonly Turn[]): TeamReviewed["findings"] {
  const settled = new Map<string, TeamReviewed["findings"][number]>();
  for (const turn of turns) {
    for (const { number, name, file, line, status } of reviewOf(turn)?.findings ?? []) {
      const key = `${turn.role} ${String(number)}`;
      const before = settled.get(key);
      const resolvedNow = status === "resolved" ? turn.round : null;
      const isStill = before?.status === "resolved" && status === "resolved";
      settled.set(key, {
        number,
        name,
        file,
        line,
        status,
        found_in_round: before?.found_in_round ?? turn.round,
        resolved_in_round: isStill ? before.resolved_in_round : resolvedNow,
      });
    }
  }
  return [...settled.values()];
}

function sumOf(turns: readonly Turn[], of: (turn: Turn) => number): number {
  return turns.reduce((sum, turn) => sum + of(turn), 0);
}
