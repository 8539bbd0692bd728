import { renderBudgetBar } from "../../../../reports/format/budget-lines.ts";
import { byCodeUnit } from "../../../../reports/statistics/randomisation/code-unit-order.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import {
  type Limit,
  limitsOf,
  promptOf,
  type Question,
  questionsOf,
  rolesOf,
  sayRoleName,
  workflowLimits,
} from "../../../experiment/planned/questions.ts";
import type { Experiment } from "../../../experiment/session/prepare-experiment.ts";
import { prepareRun, type PrepareOptions } from "../../../experiment/session/prepare-run.ts";
import { sayAmount } from "../../../gateway/budgets/budget-unit.ts";
import { estimateRequest } from "../../../gateway/budgets/estimate-request.ts";
import { baseCommand } from "../../../gateway/budgets/parse-budget.ts";
import type { ResolvedBudgets } from "../../../gateway/budgets/resolve-budgets.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { columnsOf } from "../../columns.ts";
import { styleFor } from "../../display/live-terminal.ts";
import { done, jsonOr, type Result } from "../../result.ts";

/** The options of `run --list-commands` and `--inspect-command`. */
interface ListOptions extends PrepareOptions {
  readonly inspectCommand?: string;
  readonly json?: boolean;
}

/** The commands that a role is asked for. */
type AskedRole = ReturnType<typeof rolesOf>[number];

/** Shows the commands that providers would be asked for, by role and with budgets. It runs nothing. */
export async function listCommands(
  options: ListOptions,
  environment: Environment,
): Promise<Result> {
  const { experiment } = await prepareRun(options, environment);
  const roles = rolesOf(experiment);
  const { budgets } = experiment.configuration;
  const shared = SHARED.map(({ scope, title }) => ({ title, budgets: limitsOf(budgets, scope) }));
  const list = {
    experiment_id: experiment.plan.experimentId,
    mode: budgets.mode,
    basis: budgets.basis,
    budgets: shared.flatMap((one) => one.budgets),
    roles,
  };
  const draw = drawer(budgets, environment);
  const say = () => [
    ...shared
      .filter((one) => one.title === SHARED[0].title || one.budgets.some(({ is_held }) => is_held))
      .map((one) => `${one.title}: ${draw(one.budgets).join(", ")}`),
    ...roles.flatMap((role) => sayRole(role, draw, columnsOf(environment))),
    "",
    "Nothing was run.",
  ];
  return done(jsonOr(options, list, () => say().join("\n")));
}

/** The budgets of more than one command. The first is shown even if there is none. */
const SHARED = [
  { scope: "overall", title: "Overall" },
  { scope: "period", title: "In each period" },
  { scope: "window", title: "Each window" },
] as const;

type Draw = (budgets: readonly Limit[]) => readonly string[];

/** Draws a row for each limit that holds. Nothing of it is used, since this list runs nothing. */
function drawer({ basis, hasVisuals }: ResolvedBudgets, environment: Environment): Draw {
  const style = styleFor(environment.stdout, environment);
  const manner = { style, hasVisuals: hasVisuals.value };
  return (budgets) => {
    const held = budgets.filter((limit) => limit.is_held);
    const shown = held.length === 0 ? [{ unit: "tokens", limit: null } as const] : held;
    return shown.map(({ unit, limit }) =>
      renderBudgetBar({ unit, basis: basis.value, used: 0, limit }, manner),
    );
  };
}

function sayRole(
  { role, workflow, budgets, commands }: AskedRole,
  draw: Draw,
  columns?: number,
): readonly string[] {
  return [
    `Role ${sayRoleName({ role, workflow })}: ${draw(budgets).join(", ")}`,
    plainTable(
      [
        ["COMMAND", "WINDOWS", "PROVIDERS", "BUDGET OF ONE ATTEMPT"],
        ...commands.flatMap(({ command, windows, providers, budgets: own }) =>
          draw(own).map((bar, index) =>
            index === 0 ? [command, String(windows), providers.join(", "), bar] : ["", "", "", bar],
          ),
        ),
      ],
      { columns },
    ),
  ];
}

/** Shows how a command line is read: what has its budget, who is asked it, and for what. It runs nothing. */
export async function inspectCommand(
  options: ListOptions,
  environment: Environment,
): Promise<Result> {
  const given = options.inspectCommand ?? "";
  const command = plainCommand(given);
  if (!/\w/u.test(command)) {
    throw new ConfigurationError(
      `--inspect-command: expected a command, got ${JSON.stringify(given)}. Write e.g. /implement.`,
    );
  }
  const { experiment } = await prepareRun(options, environment);
  const { budgets } = experiment.configuration;
  const base = baseCommand(command);
  const words = command.slice(base.length).trim();
  const wanted = words === "" ? base : command;
  const asked = questionsOf(experiment).filter((one) =>
    [plainCommand(one.command), baseCommand(one.command)].includes(wanted),
  );
  const byName = new Map(asked.map((one) => [sayRoleName(one), one]));
  const roles = [...byName]
    .toSorted(([one], [other]) => byCodeUnit(one, other))
    .map(([, question]) => question);
  const limits = [
    ...SHARED.flatMap(({ scope }) => limitsOf(budgets, scope)),
    ...[...new Set(roles.map(({ role }) => role))].flatMap((role) =>
      limitsOf(budgets, "role", role),
    ),
    ...roles.flatMap((one) => workflowLimits(one)),
    ...limitsOf(budgets, "command", base),
  ];
  const inspected = {
    command: given,
    base,
    arguments: words === "" ? null : words,
    role: roles[0]?.role ?? null,
    budgets: limits,
    windows: asked.map((one) => windowAsked(one, experiment)),
    roles: roles.map(({ role, workflow }) => ({ role, workflow })),
  };
  return done(
    jsonOr(options, inspected, () => sayInspected(inspected, experiment, columnsOf(environment))),
  );
}

/** The spelling by which commands are compared. */
function plainCommand(text: string): string {
  return text.normalize("NFC").trim().replaceAll(/\s+/gu, " ").toLowerCase();
}

function windowAsked(question: Question, experiment: Experiment) {
  const { window, provider, command } = question;
  const prompt = promptOf(question, experiment);
  const [head = ""] = prompt.split("\n", 1);
  const estimated = estimateRequest(Buffer.byteLength(prompt), undefined).tokens;
  return { window, provider, command, prompt_head: head, estimated_tokens: estimated };
}

function sayInspected(
  inspected: {
    readonly command: string;
    readonly base: string;
    readonly arguments: string | null;
    readonly budgets: readonly Limit[];
    readonly windows: readonly ReturnType<typeof windowAsked>[];
    readonly roles: readonly Pick<Question, "role" | "workflow">[];
  },
  experiment: Experiment,
  columns?: number,
): string {
  const { command, base, roles, budgets, windows } = inspected;
  const known = new Set(questionsOf(experiment).map((one) => baseCommand(one.command)));
  return [
    `Command: ${toPlainLine(command.trim())}`,
    `Base command: ${toPlainLine(base)}`,
    `Arguments: ${toPlainLine(inspected.arguments ?? "none")}`,
    `Role: ${roles.map(sayRoleName).join(", ") || "none"}`,
    ...(budgets.length === 0 ? ["Budget: none"] : budgets.map(sayLimit)),
    "",
    windows.length === 0
      ? `No window asks for it. Commands of this plan: ${[...known].toSorted(byCodeUnit).join(", ")}.`
      : plainTable(
          [
            ["WINDOW", "PROVIDER", "COMMAND", "FIRST REQUEST", "PROMPT"],
            ...windows.map((one) => [
              one.window,
              one.provider,
              one.command,
              `from ${sayAmount("tokens", one.estimated_tokens)}`,
              toPlainLine(one.prompt_head),
            ]),
          ],
          { columns },
        ),
    "",
    "Nothing was run.",
  ].join("\n");
}

function sayLimit({ name, unit, limit, origin, is_held: isHeld }: Limit): string {
  const amount = isHeld ? sayAmount(unit, limit) : `${sayAmount(unit, limit)}, does not hold`;
  return `Budget ${name}: ${amount} (${origin})`;
}
