import picomatch from "picomatch";
import seedrandom from "seedrandom";

import type { RouteCondition, RoutedRequest, RouteRule, Routes } from "./route.ts";

/** One rule, whether the request takes it, and why. */
interface ConsideredRule {
  readonly rule: RouteRule;
  readonly holds: boolean;
  /** The conditions in words, each with what the request said to it. */
  readonly reasons: readonly string[];
}

export interface RouteChoice {
  /** null: no rule holds, and the request goes to its provider's own upstream. */
  readonly rule: RouteRule | null;
  /** Every rule up to the one that holds, in the order in which they are asked. */
  readonly considered: readonly ConsideredRule[];
}

/**
 * The first rule that holds. Rules that look at the sub-agent are asked first, then those that look
 * at the model, then shares; among equals the configuration's order decides.
 */
export function chooseRoute({ rules, seed }: Routes, request: RoutedRequest): RouteChoice {
  const considered: ConsideredRule[] = [];
  for (const rule of inOrder(rules)) {
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

function inOrder(rules: readonly RouteRule[]): readonly RouteRule[] {
  return rules.toSorted((left, right) => rank(left.when) - rank(right.when));
}

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
  { rule, seed }: { readonly rule: RouteRule; readonly seed: string },
  { subagentId, nth }: RoutedRequest,
): Answer[] {
  const { share } = rule.when;
  if (share === undefined) return [];
  const unit = subagentId ?? `request ${String(nth)}`;
  const drawn = seedrandom(`${seed}|route|${rule.name}|${unit}`)();
  const reason = `wants a share of ${String(share)}, ${unit} drew ${drawn.toFixed(4)}`;
  return [{ holds: drawn < share, reason }];
}
