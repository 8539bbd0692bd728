import { byCodeUnit } from "../../../reports/statistics/randomisation/code-unit-order.ts";
import { SOLO_ROLE } from "../../gateway/budgets/budget-limits.ts";
import { describeBudgetSettings } from "../../gateway/budgets/budget-settings.ts";
import { BUDGET_UNITS } from "../../gateway/budgets/budget-unit.ts";
import { baseCommand } from "../../gateway/budgets/parse-budget.ts";
import type { ResolvedBudgets } from "../../gateway/budgets/resolve-budgets.ts";
import type { PlannedWindow } from "../../plan/assignment/plan.ts";
import { type Team, teamOf } from "../../plan/config/configuration.ts";
import { composeRolePrompt } from "../../teams/role-prompt.ts";
import type { Role } from "../../teams/workflow-file.ts";
import type { Experiment } from "../session/prepare-experiment.ts";
import { composePrompt } from "../windows/compose-prompt.ts";

export type Limit = ReturnType<typeof describeBudgetSettings>["limits"][number];

/** What a window asks an agent that works alone, or one role of its team. */
export interface Question {
  readonly featureId: string;
  readonly window: string;
  /** Whom it asks: the window's provider, or the role's own. */
  readonly provider: string;
  readonly command: string;
  readonly role: string;
  /** The workflow that has the role; null for an agent that works alone. */
  readonly workflow: string | null;
  /** The role in its workflow. */
  readonly member: Role | null;
}

/** All questions of a plan, window by window. */
export function questionsOf({ plan, configuration }: Experiment): readonly Question[] {
  return plan.sets.flatMap(({ featureId, windows }) =>
    windows.flatMap((planned) => {
      const team = teamOf(configuration.providers, planned.provider);
      const asked = team === null ? [aloneIn(planned)] : membersIn(planned, team);
      return asked.map((question) => ({ featureId, ...question }));
    }),
  );
}

type Asked = Omit<Question, "featureId">;

function aloneIn({ window, provider, command }: PlannedWindow): Asked {
  return { window, provider, command, role: SOLO_ROLE, workflow: null, member: null };
}

function membersIn({ window, provider }: PlannedWindow, team: Team): readonly Asked[] {
  return team.roles.map((member) => ({
    window,
    provider: member.provider ?? provider,
    command: member.command,
    role: member.name,
    workflow: team.name,
    member,
  }));
}

/** What the agent is asked first. A role's prompt has no handoffs then. */
export function promptOf({ featureId, member }: Question, { tasks }: Experiment): string {
  const task = tasks.get(featureId);
  if (task === undefined) return "";
  const prompt = composePrompt(task);
  if (member === null) return prompt;
  const materials = { task: prompt };
  return composeRolePrompt({ role: member, round: 1, title: task.title, materials });
}

/** The role, with its workflow if a team has it: two workflows may give one name different budgets. */
export function sayRoleName({ role, workflow }: Pick<Question, "role" | "workflow">): string {
  return workflow === null ? role : `${role} of ${workflow}`;
}

/** The roles that are asked, in the order of the providers and of their workflows. */
export function rolesOf(experiment: Experiment) {
  const { budgets, providers } = experiment.configuration;
  const ids = providers.map(({ id }) => id);
  const { plan } = experiment;
  const arms = new Map(
    plan.sets.flatMap(({ windows }) => windows.map((one) => [one.window, one.provider] as const)),
  );
  const placeOf = ({ window }: Question) => ids.indexOf(arms.get(window) ?? "");
  const questions = questionsOf(experiment).toSorted((a, b) => placeOf(a) - placeOf(b));
  return [...Map.groupBy(questions, sayRoleName).values()].flatMap((asked) =>
    asked.slice(0, 1).map((first) => ({
      role: first.role,
      budgets: [...limitsOf(budgets, "role", first.role), ...workflowLimits(first)],
      commands: commandsOf(asked, budgets),
      workflow: first.workflow,
    })),
  );
}

function commandsOf(questions: readonly Question[], budgets: ResolvedBudgets) {
  const byCommand = Map.groupBy(questions, ({ command }) => baseCommand(command));
  return [...byCommand]
    .toSorted(([one], [other]) => byCodeUnit(one, other))
    .map(([command, asked]) => ({
      command,
      windows: asked.length,
      providers: [...new Set(asked.map(({ provider }) => provider))].toSorted(byCodeUnit),
      budgets: limitsOf(budgets, "command", command),
    }));
}

/** The limits that a role has from its own workflow. */
export function workflowLimits({
  role,
  workflow,
  member,
}: Pick<Question, "role" | "workflow" | "member">): readonly Limit[] {
  return BUDGET_UNITS.flatMap((unit): readonly Limit[] => {
    const limit = member?.budgets[unit];
    if (limit === undefined) return [];
    const origin = `workflow ${workflow ?? ""}`;
    return [{ scope: "role", name: role, unit, limit, origin, is_held: true }];
  });
}

/** The limits of a scope, or of one command or role in it. */
export function limitsOf(
  budgets: ResolvedBudgets,
  scope: Limit["scope"],
  name?: string,
): readonly Limit[] {
  return describeBudgetSettings(budgets).limits.filter(
    (limit) => limit.scope === scope && (name === undefined || limit.name === name),
  );
}
