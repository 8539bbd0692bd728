import { COMMAND_DRIVER } from "../../agents/drivers/registry.ts";
import { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import { estimateRequest } from "../../gateway/budgets/estimate-request.ts";
import { toLimits } from "../../gateway/budgets/resolve-budgets.ts";
import { rolesOf } from "../../plan/config/configuration.ts";
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
  const drivers = new Map(configuration.providers.map(({ id, driver }) => [id, driver]));
  const lacks = plan.sets.flatMap((set) =>
    set.windows.map((planned) => ({
      allowed: allowanceOf(planned, parts).tokens ?? Infinity,
      least: firstTokens(tasks.get(planned.featureId), drivers.get(planned.provider)),
    })),
  );
  const [first] = lacks;
  if (first === undefined || lacks.some(({ allowed, least }) => allowed >= least)) return null;
  return `A window has ${String(first.allowed)} tokens, and its agent's first request takes more than ${String(first.least)}. Raise the budget, or leave it out.`;
}

/** Instructions and tools of the built-in agent, estimated; those of the other clients are longer. */
const CLIENT_TOKENS = 300;

/** What an agent asks for at least before it has done anything. An agent of one's own may have no instructions. */
function firstTokens(task: Task | undefined, driver: string | undefined): number {
  if (task === undefined) return 0;
  const prompt = estimateRequest(Buffer.byteLength(composePrompt(task)), undefined).tokens;
  return prompt + (driver === COMMAND_DRIVER ? 0 : CLIENT_TOKENS);
}
