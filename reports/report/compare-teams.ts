import { mean } from "simple-statistics";

import type { Question } from "../evidence/question.ts";
import { countNoun, formatFixed, formatPercent, formatSignificant } from "../text/number-text.ts";
import type { Comparison, PairLine } from "./comparison-data.ts";
import type { TeamAgainstSolo, TeamFigures } from "./team-data.ts";

interface Compared {
  readonly pairs: readonly PairLine[];
  readonly comparisons: readonly Comparison[];
}

/** Each comparison of a team with a provider that works alone. */
export function compareTeams(
  asked: Question,
  teams: readonly TeamFigures[],
  { pairs, comparisons }: Compared,
): readonly TeamAgainstSolo[] {
  const { baseline } = asked;
  if (baseline === null) return [];
  const teamOf = (name: string) => teams.find(({ provider }) => provider === name);
  return comparisons.flatMap((comparison): readonly TeamAgainstSolo[] => {
    const { candidate, touched_by } = comparison;
    const sides = { baseline: teamOf(baseline), candidate: teamOf(candidate) };
    const figures = sides.baseline ?? sides.candidate;
    if (figures === undefined || (sides.baseline && sides.candidate)) return [];
    const isCandidate = sides.candidate !== undefined;
    const own = pairs.filter((pair) => pair.candidate === candidate && pair.is_complete);
    const [team, solo] = isCandidate ? [candidate, baseline] : [baseline, candidate];
    const said = {
      team,
      solo,
      pairs: own.length,
      capped: comparison.pairs.capped,
      cost_ratio: costRatio(comparison, isCandidate),
      team_quality: meanOf(own, isCandidate ? "candidate_quality" : "baseline_quality"),
      solo_quality: meanOf(own, isCandidate ? "baseline_quality" : "candidate_quality"),
    };
    return [{ ...said, text: sayAgainstSolo(said, figures), touched_by }];
  });
}

/** Team ÷ solo, adjusted for order if both orders occur. */
function costRatio(
  { cost_ratio, adjusted_cost_ratio: adjusted }: Comparison,
  isCandidate: boolean,
): number | null {
  const ratio = adjusted.value ?? cost_ratio.value;
  return ratio !== null && isCandidate ? 1 / ratio : ratio;
}

function meanOf(
  pairs: readonly PairLine[],
  name: "baseline_quality" | "candidate_quality",
): number | null {
  const known = pairs.map((pair) => pair[name]).filter((quality) => quality !== null);
  return known.length === 0 ? null : mean(known);
}

/** What the team cost more, what it gained, and whether its review was worth it, without a verdict. */
function sayAgainstSolo(
  said: Omit<TeamAgainstSolo, "text" | "touched_by">,
  { review_loop: loop, quality }: TeamFigures,
): string {
  const { team, solo, pairs, capped } = said;
  const cut = capped === 0 ? "" : ` (limits cut ${capped} of them short)`;
  if (pairs === 0) return `No complete pair compares the team ${team} with ${solo}.`;
  const cost =
    said.cost_ratio === null
      ? `cost an amount that can't be compared with that of ${solo}`
      : `cost ${formatSignificant(said.cost_ratio)} times as much as ${solo}`;
  const parts = [
    `In ${countNoun(pairs, "pair")}${cut} the team ${team} ${cost}, ${sayQuality(said)}`,
    loop.cost_share === null
      ? "the share of its review loop is not known"
      : `its review loop took ${formatPercent(loop.cost_share)} of what it spent`,
    quality.before_review === null || quality.after_review === null
      ? "and its quality before the review is not known"
      : `and its mean quality went from ${formatFixed(quality.before_review, 3)} before the review to ${formatFixed(quality.after_review, 3)} at the end, in ${countNoun(quality.windows, "window")}`,
  ];
  return `${parts.join("; ")}.`;
}

function sayQuality({
  team_quality: team,
  solo_quality: solo,
}: Pick<TeamAgainstSolo, "team_quality" | "solo_quality">): string {
  if (team === null || solo === null) return "and their qualities can't be compared";
  const [own, other] = [formatFixed(team, 3), formatFixed(solo, 3)];
  if (own === other) return `with the same mean quality (${own})`;
  return `with a ${team > solo ? "higher" : "lower"} mean quality (${own} against ${other})`;
}
