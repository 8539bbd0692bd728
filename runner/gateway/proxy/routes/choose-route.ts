import picomatch from "picomatch";
import seedrandom from "seedrandom";

import type { RouteCondition, RoutedRequest, RouteRule, Routes } from "./route.ts";

/**
 * Chooses the first rule that holds. Rules about the sub-agent come first, then rules about the
 * model, then shares. Among equals the configuration's order decides.
 * @returns the rule, or null for the provider's own upstream, and every rule up to it: whether it
 * holds, and its conditions in words with the request's values.
 */
export function chooseRoute<Rule extends ChosenBy>(
  { rules, seed }: Pick<Routes, "seed"> & { readonly rules: readonly Rule[] },
  request: RoutedRequest,
) {
  const considered: { rule: Rule; holds: boolean; reasons: string[] }[] = [];
  const inOrder = rules.toSorted((left, right) => rank(left.when) - rank(right.when));
  for (const rule of inOrder) {
    const answers = [
      ...askSubagent(rule.when, request),
      ...askModel(rule.when, request),
      ...askShare({ rule, seed }, request),
    ];
    const holds = answers.every((answer) => answer.holds);
    const reasons = answers.map(({ reason }) => reason);
    considered.push({ rule, holds, reasons: reasons.length === 0 ? ["always"] : reasons });
    if (holds) return { rule, considered };
  }
  return { rule: null, considered };
}

/** What of a rule decides whether it is chosen. */
type ChosenBy = Pick<RouteRule, "name" | "when">;

function rank({ subagent, model, share }: RouteCondition): number {
  if (subagent !== undefined) return 0;
  if (model !== undefined) return 1;
  return share === undefined ? 3 : 2;
}

interface Answer {
  readonly holds: boolean;
  readonly reason: string;
}

function askSubagent({ subagent }: RouteCondition, { subagentId }: RoutedRequest): Answer[] {
  if (subagent === undefined) return [];
  const sender = subagentId === null ? "the main agent" : `sub-agent ${subagentId}`;
  const wanted = subagent ? "a sub-agent" : "the main agent";
  return [{ holds: subagent === (subagentId !== null), reason: `wants ${wanted}, is ${sender}` }];
}

function askModel({ model: glob }: RouteCondition, { model }: RoutedRequest): Answer[] {
  if (glob === undefined) return [];
  const holds = model !== null && picomatch.isMatch(model, glob, { bash: true, dot: true });
  return [{ holds, reason: `wants model ${glob}, is ${model ?? "none"}` }];
}

function askShare(
  { rule, seed }: { readonly rule: ChosenBy; readonly seed: string },
  { subagentId, nth }: RoutedRequest,
): Answer[] {
  const { share } = rule.when;
  if (share === undefined) return [];
  const drawer = subagentId ?? `request ${String(nth)}`;
  const drawn = seedrandom(`${seed}|route|${rule.name}|${drawer}`)();
  const reason = `wants a share of ${String(share)}, ${drawer} drew ${drawn.toFixed(4)}`;
  return [{ holds: drawn < share, reason }];
}
