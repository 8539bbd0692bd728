import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import { baseCommand } from "./base-command.ts";
import { BudgetTextError } from "./errors.ts";
import { parseAmount, quote, UNIT_FORM } from "./parse-amount.ts";

/** Whose budgets a text names, and in which unit. */
export interface NamedBudgets {
  /** The option or variable that it came by, for messages. */
  readonly name: string;
  readonly scope: "command" | "role";
  readonly unit: BudgetUnit;
}

const EXAMPLE = { tokens: "40000", usd: "1.50", minutes: "90" } as const;

/**
 * Reads several of `/implement=40000` or `implementer=40000`. The slash of a command may be left
 * out before a single word; of a slash command with arguments only the base command is kept,
 * because that is what budgets are matched by. null: without a limit.
 * @throws BudgetTextError without `=`, without a name, with a limit that is no number, or where two
 * of them limit the same.
 */
export function parseNamedBudgets(
  texts: readonly string[],
  of: NamedBudgets,
): ReadonlyMap<string, number | null> {
  const budgets = new Map<string, number | null>();
  for (const text of texts) {
    const { owner, limit } = parseNamedBudget(text, of);
    if (budgets.has(owner)) {
      throw new BudgetTextError(
        `${of.name}: expected one budget per ${of.scope}, got a second one for ${quote(owner)}: ${quote(text)}. Leave one of them out.`,
      );
    }
    budgets.set(owner, limit);
  }
  return budgets;
}

function parseNamedBudget(text: string, { name, scope, unit }: NamedBudgets) {
  const at = text.lastIndexOf("=");
  const owner = at === -1 ? "" : toOwner(scope, text.slice(0, at));
  if (owner === "" || owner === "/") {
    const example = scope === "command" ? "/implement" : "implementer";
    throw new BudgetTextError(
      `${name}: expected ${scope.toUpperCase()}=${UNIT_FORM[unit].toUpperCase()}, got ${quote(text)}. Write e.g. '${example}=${EXAMPLE[unit]}'.`,
    );
  }
  return { owner, limit: parseAmount(text.slice(at + 1), { name: `${name} (${owner})`, unit }) };
}

/** A command or a role as an option or a file's key names it, in the one spelling. */
export function toOwner(scope: NamedBudgets["scope"], text: string): string {
  return scope === "command" ? toCommand(text) : toRole(text);
}

/** A single word may lack its slash. */
function toCommand(text: string): string {
  const command = baseCommand(text);
  const isBareWord = command !== "" && !command.startsWith("/") && !command.includes(" ");
  return isBareWord ? `/${command}` : command;
}

function toRole(text: string): string {
  return text.normalize("NFC").trim().toLowerCase();
}
