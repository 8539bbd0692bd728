import { TokenBasis } from "../../ledger/domain/token-basis.ts";
import type { BudgetLimits } from "./budget-book.ts";
import { type BudgetsFile, EnforcementMode } from "./budgets-file.ts";
import { BudgetTextError } from "./errors.ts";
import { parseCommandBudgets, parseTokenBudget, toCommand } from "./parse-budget.ts";

/** The budget options as the command line had them; an option that was not given is absent. */
export interface BudgetOptions {
  /** `--overall-token-budget` */
  readonly overallTokenBudget?: string;
  /** `--command-budget`, once per time that it was given. */
  readonly commandBudget?: readonly string[];
  /** `--budget-enforcement-mode` */
  readonly budgetEnforcementMode?: string;
  /** `--budget-basis` */
  readonly budgetBasis?: string;
}

export interface BudgetSources {
  readonly options: BudgetOptions;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly file: BudgetsFile | undefined;
  /** As the origin names it, e.g. `experiment.yaml`; null for the built-in rehearsal. */
  readonly fileName: string | null;
}

/** A value and where it came from, e.g. `environment COUNTERBALANCE_BUDGET_BASIS`. */
export interface Sourced<Value> {
  readonly value: Value;
  readonly origin: string;
}

/** Every limit that holds, and where it came from; tokens. */
export interface ResolvedBudgets {
  readonly mode: Sourced<EnforcementMode>;
  readonly basis: Sourced<TokenBasis>;
  /** null: unlimited. */
  readonly overall: Sourced<number | null>;
  /** By base command; a command that is absent is unlimited. */
  readonly commands: ReadonlyMap<string, Sourced<number>>;
}

/** Origin of what was given as an option. */
export const COMMAND_LINE = "command line";
const DEFAULT = "default";

/**
 * Joins command line, environment, file and defaults, the earlier winning, command by command. A
 * value that equals the default still wins over later sources when it was given.
 * @throws BudgetTextError naming the option or variable that can't be read. An empty variable is
 * such a one: taking it for "no limit" would drop a cap in silence.
 */
export function resolveBudgets(sources: BudgetSources): ResolvedBudgets {
  const { options, variables, file } = sources;
  const fromFile = sources.fileName === null ? "rehearsal" : `file ${sources.fileName}`;
  // Every source is read, also one that loses, so that a mistake in it does not lie in wait.
  const given = {
    mode: [
      readText(options.budgetEnforcementMode, "--budget-enforcement-mode", readMode),
      readVariable(variables, "COUNTERBALANCE_BUDGET_ENFORCEMENT_MODE", readMode),
      sourced(file?.mode, fromFile),
    ],
    basis: [
      readText(options.budgetBasis, "--budget-basis", readBasis),
      readVariable(variables, "COUNTERBALANCE_BUDGET_BASIS", readBasis),
      sourced(file?.basis, fromFile),
    ],
    overall: [
      readText(options.overallTokenBudget, "--overall-token-budget", parseTokenBudget),
      readVariable(variables, "COUNTERBALANCE_OVERALL_TOKEN_BUDGET", parseTokenBudget),
      sourced(file?.overall?.tokens, fromFile),
    ],
  };
  return {
    mode: given.mode.find(isGiven) ?? { value: "block", origin: DEFAULT },
    basis: given.basis.find(isGiven) ?? { value: "uncached", origin: DEFAULT },
    overall: given.overall.find(isGiven) ?? { value: null, origin: DEFAULT },
    commands: resolveCommands(sources, fromFile),
  };
}

/** The limits alone, as the budget book takes them. */
export function toLimits(budgets: ResolvedBudgets): BudgetLimits {
  return {
    mode: budgets.mode.value,
    basis: budgets.basis.value,
    overall: budgets.overall.value,
    commands: new Map([...budgets.commands].map(([command, { value }]) => [command, value])),
  };
}

function resolveCommands(
  { options, variables, file }: BudgetSources,
  fromFile: string,
): ReadonlyMap<string, Sourced<number>> {
  const option = parseCommandBudgets(options.commandBudget ?? [], "--command-budget");
  const variable = readVariable(variables, "COUNTERBALANCE_COMMAND_BUDGETS", (text, name) =>
    parseCommandBudgets(text.split(","), name),
  );
  const commands = new Map<string, Sourced<number>>();
  for (const [command, { tokens }] of Object.entries(file?.commands ?? {})) {
    commands.set(toCommand(command), { value: tokens, origin: fromFile });
  }
  for (const [command, value] of variable?.value ?? []) {
    commands.set(command, { value, origin: variable?.origin ?? DEFAULT });
  }
  for (const [command, value] of option) commands.set(command, { value, origin: COMMAND_LINE });
  return commands;
}

type Read<Value> = (text: string, name: string) => Value;

function readText<Value>(text: string | undefined, name: string, read: Read<Value>) {
  return text === undefined ? undefined : { value: read(text, name), origin: COMMAND_LINE };
}

function readVariable<Value>(
  variables: BudgetSources["variables"],
  name: string,
  read: Read<Value>,
): Sourced<Value> | undefined {
  const text = variables[name];
  return text === undefined
    ? undefined
    : { value: read(text, name), origin: `environment ${name}` };
}

function sourced<Value>(value: Value | undefined, origin: string): Sourced<Value> | undefined {
  return value === undefined ? undefined : { value, origin };
}

function isGiven<Value>(candidate: Sourced<Value> | undefined): candidate is Sourced<Value> {
  return candidate !== undefined;
}

function readMode(text: string, name: string): EnforcementMode {
  return readChoice(text, { name, choices: EnforcementMode.options });
}

function readBasis(text: string, name: string): TokenBasis {
  return readChoice(text, { name, choices: TokenBasis.options });
}

function readChoice<Choice extends string>(
  text: string,
  { name, choices }: { readonly name: string; readonly choices: readonly Choice[] },
): Choice {
  const choice = choices.find((candidate) => candidate === text.trim());
  if (choice !== undefined) return choice;
  throw new BudgetTextError(
    `${name}: expected ${choices.join(" or ")}, got ${JSON.stringify(text)}. Write one of the two.`,
  );
}
