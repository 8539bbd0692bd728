import { mean, sum } from "simple-statistics";

import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import { tokensIn } from "../../ledger/domain/token-basis.ts";
import type { RetrospectiveFact, TurnFact } from "../../ledger/views/experiment-fact.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { groupSorted } from "../evidence/group-sorted.ts";
import { joinNumbers } from "../evidence/index-affected.ts";
import type { Question } from "../evidence/question.ts";
import { listTeamWindows, type TeamWindow } from "../evidence/team-windows.ts";
import { compareTeams } from "./compare-teams.ts";
import type { Comparison, PairLine } from "./comparison-data.ts";
import {
  type TeamFigures,
  type TeamPart,
  TeamPhase,
  type Teams,
  type TeamSpent,
  type TeamTurn,
  type TeamWindowData,
} from "./team-data.ts";

/** usage, reference, examples, troubleshooting and change note. */
const DELIVERABLES = 5;

/** What the teams of an experiment did; null without any. */
export function describeTeams(
  evidence: Evidence,
  compared: {
    readonly pairs: readonly PairLine[];
    readonly comparisons: readonly Comparison[];
  },
): Teams | null {
  const { view, asked, affected, windows } = evidence;
  const worked = listTeamWindows(view, windows);
  if (worked.length === 0) return null;
  const inFile = affected.ofFile("handoffs");
  const touchedBy = ({ window }: TeamWindow) => joinNumbers([window.line.touched_by, inFile]);
  const groups = groupSorted(worked, ({ window }) => window.line.provider).map(
    ([provider, own]) => ({ provider, own, phaseOf: phasesIn(own.flatMap(({ turns }) => turns)) }),
  );
  const providers = groups.map(({ provider, own, phaseOf }): TeamFigures => ({
    provider,
    ...sumUp(
      own.filter(({ window }) => window.line.state === "valid"),
      { asked, phaseOf },
    ),
    touched_by: joinNumbers(own.map(touchedBy)),
  }));
  const phaseOf = new Map(groups.map((group) => [group.provider, group.phaseOf]));
  return {
    providers,
    windows: worked.map((one) => ({
      ...describeWindow(one, asked, phaseOf.get(one.window.line.provider) ?? otherPhase),
      touched_by: touchedBy(one),
    })),
    against_solo: compareTeams(asked, providers, compared),
  };
}

type PhaseOf = (turn: TurnFact) => TeamPhase;

interface Measure {
  readonly asked: Question;
  readonly phaseOf: PhaseOf;
}

const KIND_PHASES = {
  plan: "planning",
  implementation: "building",
  review: "reviewing",
  documentation: "documenting",
} as const;

const COMMAND_PHASES = new Map<string, TeamPhase>([
  ["/plan", "planning"],
  ["/implement", "building"],
  ["/review", "reviewing"],
  ["/document", "documenting"],
]);

function otherPhase(): TeamPhase {
  return "other";
}

/** A turn without a handoff is for what the role's other turns are for. */
function phasesIn(turns: readonly TurnFact[]): PhaseOf {
  const known = new Map<string, TeamPhase>(
    turns.flatMap(({ role, handoff }) =>
      handoff === null ? [] : [[role, KIND_PHASES[handoff.kind]]],
    ),
  );
  return ({ role, command, handoff }) =>
    handoff === null
      ? (known.get(role) ?? COMMAND_PHASES.get(command) ?? "other")
      : KIND_PHASES[handoff.kind];
}

function sumUp(
  windows: readonly TeamWindow[],
  measure: Measure,
): Omit<TeamFigures, "provider" | "touched_by"> {
  const turns = windows.flatMap((window) => window.turns);
  const reviews = windows.flatMap(({ retrospective }) => retrospective ?? []);
  const { asked, phaseOf } = measure;
  const spent = spend(turns, asked);
  const part = (own: readonly TurnFact[]) => partOf(spend(own, asked), spent, asked);
  return {
    windows: windows.length,
    retrospectives: reviews.length,
    spent,
    phases: TeamPhase.options
      .map((phase) => ({ phase, ...part(turns.filter((turn) => phaseOf(turn) === phase)) }))
      .filter((phase) => phase.turns > 0),
    rework: {
      rounds: sum(reviews.map(({ rework_rounds }) => rework_rounds)),
      ...part(turns.filter(isRework)),
    },
    review_loop: part(turns.filter((turn) => isRework(turn) || phaseOf(turn) === "reviewing")),
    quality: qualityOf(reviews),
    findings: countFindings(reviews),
    handoffs_refused: sum(turns.map(({ refused_handoffs: refused }) => refused.length)),
    breaches: sum(turns.map(({ breach_count }) => breach_count)),
    lines: countLines(reviews),
    deliverables: {
      made: sum(reviews.map(({ deliverables }) => new Set(deliverables).size)),
      possible: DELIVERABLES * reviews.length,
    },
  };
}

function isRework({ round }: TurnFact): boolean {
  return round > 1;
}

function spend(turns: readonly TurnFact[], { token_basis: basis }: Question): TeamSpent {
  const dollars = turns.map((turn) => turn.dollars);
  const known = dollars.filter((amount) => amount !== null);
  return {
    turns: turns.length,
    tokens: sum(turns.map(({ usage }) => tokensIn(basis, usage))),
    dollars: known.length < dollars.length ? null : sum(known),
    duration_ms: sum(turns.map(({ duration_ms }) => duration_ms)),
  };
}

function partOf(part: TeamSpent, whole: TeamSpent, { cost_measure }: Question): TeamPart {
  const name = cost_measure === "usd" ? "dollars" : "tokens";
  return {
    ...part,
    cost_share: shareOf(part[name], whole[name]),
    time_share: shareOf(part.duration_ms, whole.duration_ms),
  };
}

function shareOf(part: number | null, whole: number | null): number | null {
  // Sums of dollars in another order may differ in their last bits.
  return part === null || whole === null || whole === 0 ? null : Math.min(1, part / whole);
}

function qualityOf(reviews: readonly RetrospectiveFact[]): TeamFigures["quality"] {
  const known = reviews.flatMap(({ quality_before_review: before, quality_after_review: after }) =>
    before === null || after === null ? [] : [{ before, after }],
  );
  const meanOf = (name: "before" | "after") =>
    known.length === 0 ? null : mean(known.map((one) => one[name]));
  return {
    windows: known.length,
    before_review: meanOf("before"),
    after_review: meanOf("after"),
    improved: known.filter(({ before, after }) => after > before).length,
    worsened: known.filter(({ before, after }) => after < before).length,
  };
}

function countFindings(reviews: readonly RetrospectiveFact[]): TeamFigures["findings"] {
  const all = reviews.flatMap(({ findings }) => findings);
  const first = all.filter(({ found_in_round: round }) => round === 1);
  const resolvedIn = (found: typeof all) =>
    found.filter(({ status }) => status === "resolved").length;
  return {
    found: all.length,
    resolved: resolvedIn(all),
    first_found: first.length,
    first_resolved: resolvedIn(first),
  };
}

function countLines(reviews: readonly RetrospectiveFact[]): TeamFigures["lines"] {
  const known = reviews.flatMap(({ planned_lines_max: planned, changed_lines: changed }) =>
    planned === null || changed === null ? [] : [{ planned, changed }],
  );
  return {
    windows: known.length,
    planned: sum(known.map(({ planned }) => planned)),
    changed: sum(known.map(({ changed }) => changed)),
    over: known.filter(({ planned, changed }) => changed > planned).length,
  };
}

/** One window, with its turns and what was sent back in it. */
function describeWindow(
  { window, turns, retrospective }: TeamWindow,
  asked: Question,
  phaseOf: PhaseOf,
): Omit<TeamWindowData, "touched_by"> {
  const { line, final } = window;
  const [originMs = 0] = turns
    .map(({ started_at }) => epochMsOf(started_at))
    .toSorted((left, right) => left - right);
  return {
    window: final?.window ?? "",
    provider: line.provider,
    feature_id: line.feature_id,
    turns: turns.map((turn) => ({
      ...describeTurn(turn, asked),
      phase: phaseOf(turn),
      starts_after_ms: epochMsOf(turn.started_at) - originMs,
    })),
    returns: (retrospective?.sent_back ?? []).map(
      ({ round, from, to, findings, tokens, dollars, duration_ms }) => ({
        round,
        from,
        to,
        findings: findings.map(({ number, name }) => ({ number, name })),
        tokens,
        dollars,
        duration_ms,
      }),
    ),
  };
}

function describeTurn(
  fact: TurnFact,
  { token_basis: basis }: Question,
): Omit<TeamTurn, "phase" | "starts_after_ms"> {
  const { turn, role, command, round, worked_by, model, duration_ms, dollars, churn } = fact;
  const { tokens, usd, minutes } = fact.limits;
  return {
    turn,
    role,
    command,
    round,
    worked_by,
    model,
    duration_ms,
    tokens: tokensIn(basis, fact.usage),
    dollars,
    limits: { tokens, usd, minutes },
    end: fact.end,
    reason: fact.reason,
    commit: fact.commit,
    lines: churn && {
      files: churn.files_changed,
      added: churn.insertions,
      removed: churn.deletions,
    },
    quality: fact.quality,
    handoffs_refused: fact.refused_handoffs.length,
    breaches: fact.breach_count,
  };
}
