import { COMMAND_DRIVER } from "../../agents/drivers/registry.ts";
import { nanoDollars } from "../../gateway/budgets/budget-attempt.ts";
import { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import {
  allowanceOf as allowanceOfWork,
  leastOf,
  limitsOf,
  type Work,
} from "../../gateway/budgets/budget-limits.ts";
import { fromGrains, sayAmount } from "../../gateway/budgets/budget-unit.ts";
import { tokensBySize } from "../../gateway/budgets/estimate-request.ts";
import { FIRST_OUTPUT_TOKENS } from "../../gateway/budgets/largest-outputs.ts";
import { toLimits } from "../../gateway/budgets/resolve-budgets.ts";
import { askedDollars } from "../../gateway/prices/price-book.ts";
import { type Provider, rolesOf } from "../../plan/config/configuration.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { allowanceOf, createBudgetGate } from "../spending/session-budget-gate.ts";
import { composePrompt } from "../windows/compose-prompt.ts";
import type { Experiment } from "./prepare-experiment.ts";

/** Why not even the first windows fit the budgets while nothing is spent; null if they fit. */
export function sayNoRoom(
  { plan, tasks, configuration }: Experiment,
  { clock }: Pick<Environment, "clock">,
): string | null {
  const windows = plan.sets[0]?.windows ?? [];
  const book = new BudgetBook({
    limits: toLimits(configuration.budgets),
    clock,
    onEvent: () => {},
  });
  const parts = { book, tasks, rolesOf: rolesOf(configuration.providers), catchUp: () => {} };
  const decision = createBudgetGate(parts).check(windows);
  if (!decision.mayStart) return decision.sentence;
  if (book.limits.mode !== "block") return null;
  const isIdle = windows.every((planned) => Object.values(allowanceOf(planned, parts)).includes(0));
  if (isIdle) return "A budget of 0 lets no window send a request. Raise it, or leave it out.";
  return sayNoFirstRequest({ plan, tasks, configuration }, { clock });
}

/** Why no agent's first request has room, while nothing is spent; null if one has. */
export function sayNoFirstRequest(
  { plan, tasks, configuration }: Pick<Experiment, "plan" | "tasks" | "configuration">,
  { clock }: Pick<Environment, "clock">,
): string | null {
  const limits = toLimits(configuration.budgets);
  if (limits.mode !== "block") return null;
  const shared = (["overall", "period"] as const).map((name) =>
    limitsOf(limits, { scope: name, name }),
  );
  const book = { allowance: (work: Work) => allowanceOfWork(limits, work) };
  const parts = { book, tasks, rolesOf: rolesOf(configuration.providers) };
  const providers = new Map(configuration.providers.map((provider) => [provider.id, provider]));
  const windows = plan.sets.flatMap((set) =>
    set.windows.map((planned) => {
      const provider = providers.get(planned.provider);
      const usage = firstUsage(tasks.get(planned.featureId), provider);
      const tokens = usage.input_uncached + usage.output;
      const usd = provider && askedDollars(configuration.prices, provider, usage, clock.nowMs());
      const allowed = leastOf([allowanceOf(planned, parts), ...shared]);
      return { allowed, least: { tokens, usd: nanoDollars(usd ?? null) } };
    }),
  );
  const [first] = windows;
  const tight = (["tokens", "usd"] as const).find((unit) =>
    windows.every(({ allowed, least }) => (allowed[unit] ?? Infinity) < (least[unit] ?? 0)),
  );
  if (first === undefined || tight === undefined) return null;
  const [has, takes] = [first.allowed, first.least].map((amounts) =>
    sayAmount(tight, fromGrains(tight, amounts[tight] ?? 0)),
  );
  return `A window has ${has ?? ""}, and its agent's first request takes more than ${takes ?? ""}, with the reservation for its answer. Raise the budget, or leave it out.`;
}

/** Instructions and tools of the built-in agent, estimated; those of the other clients are longer. */
const CLIENT_TOKENS = 300;

/**
 * What an agent asks for at least before it has done anything. An agent of one's own may have no
 * instructions, and may allow its answers next to nothing.
 */
function firstUsage(task: Task | undefined, provider: Pick<Provider, "driver"> | undefined) {
  if (task === undefined) return { input_uncached: 0, output: 0, requests: 1 };
  const prompt = tokensBySize(Buffer.byteLength(composePrompt(task)));
  const isOwn = provider?.driver === COMMAND_DRIVER;
  const [client, output] = isOwn ? [0, 0] : [CLIENT_TOKENS, FIRST_OUTPUT_TOKENS];
  return { input_uncached: prompt + client, output, requests: 1 };
}
