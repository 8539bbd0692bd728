import { byCodeUnit } from "../../../reports/statistics/randomisation/code-unit-order.ts";
import { tokensBySize } from "../../gateway/budgets/estimate-request.ts";
import { baseCommand } from "../../gateway/budgets/parse-budget.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Experiment } from "../session/prepare-experiment.ts";
import {
  limitsOf,
  promptOf,
  type Question,
  questionsOf,
  rolesOf,
  sayRoleName,
  workflowLimits,
} from "./questions.ts";

/** The scopes of budgets that more than one command shares. */
export const SHARED_SCOPES = ["overall", "period", "window"] as const;

/** The commands that providers would be asked for, by role and with budgets. */
export type CommandList = ReturnType<typeof listedCommands>;

export function listedCommands(experiment: Experiment) {
  const { budgets } = experiment.configuration;
  return {
    experiment_id: experiment.plan.experimentId,
    mode: budgets.mode,
    basis: budgets.basis,
    budgets: SHARED_SCOPES.flatMap((scope) => limitsOf(budgets, scope)),
    roles: rolesOf(experiment),
  };
}

/** A command as somebody writes it. */
interface WrittenCommand {
  readonly command: string;
  readonly base: string;
  /** What follows the base; null for nothing. */
  readonly arguments: string | null;
  readonly wanted: string;
}

/** @throws ConfigurationError if the text names no command. */
export function readCommand(given: string): WrittenCommand {
  const command = plainCommand(given);
  if (!/\w/u.test(command)) {
    throw new ConfigurationError(
      `--inspect-command: expected a command, got ${JSON.stringify(given)}. Write e.g. /implement.`,
    );
  }
  const base = baseCommand(command);
  const words = command.slice(base.length).trim();
  return words === ""
    ? { command: given, base, arguments: null, wanted: base }
    : { command: given, base, arguments: words, wanted: command };
}

/** The spelling by which commands are compared. */
function plainCommand(text: string): string {
  return text.normalize("NFC").trim().replaceAll(/\s+/gu, " ").toLowerCase();
}

/** How a command line is read: what has its budget, who is asked it, and for what. */
export type InspectedCommand = ReturnType<typeof inspectedCommand>;

export function inspectedCommand(experiment: Experiment, { wanted, ...written }: WrittenCommand) {
  const { budgets } = experiment.configuration;
  const asked = questionsOf(experiment).filter((one) =>
    [plainCommand(one.command), baseCommand(one.command)].includes(wanted),
  );
  const byName = new Map(asked.map((one) => [sayRoleName(one), one]));
  const roles = [...byName]
    .toSorted(([one], [other]) => byCodeUnit(one, other))
    .map(([, question]) => question);
  const names = [...new Set(roles.map(({ role }) => role))];
  return {
    ...written,
    role: roles[0]?.role ?? null,
    budgets: [
      ...SHARED_SCOPES.flatMap((scope) => limitsOf(budgets, scope)),
      ...names.flatMap((role) => limitsOf(budgets, "role", role)),
      ...roles.flatMap(workflowLimits),
      ...limitsOf(budgets, "command", written.base),
    ],
    windows: asked.map((one) => windowAsked(one, experiment)),
    roles: roles.map(({ role, workflow }) => ({ role, workflow })),
  };
}

function windowAsked(question: Question, experiment: Experiment) {
  const { window, provider, command } = question;
  const prompt = promptOf(question, experiment);
  const [head = ""] = prompt.split("\n", 1);
  const estimated = tokensBySize(Buffer.byteLength(prompt));
  return { window, provider, command, prompt_head: head, estimated_tokens: estimated };
}
