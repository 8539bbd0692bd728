import { baseCommand } from "./base-command.ts";
import { BudgetTextError } from "./errors.ts";

const PLAIN_INTEGER = /^(?:0|[1-9]\d*)$/;
const LARGEST = Number.MAX_SAFE_INTEGER;
const SHOWN_CHARACTERS_MAX = 80;

/** A limit of one command. */
export interface CommandBudget {
  /** As `baseCommand` spells it. */
  readonly command: string;
  readonly tokens: number;
}

/**
 * Reads a token budget: a plain whole number, where 0 allows nothing.
 * @param name the option or variable that it came by, for the message.
 * @throws BudgetTextError for anything else.
 */
export function parseTokenBudget(text: string, name: string): number {
  const digits = text.trim();
  const tokens = Number(digits);
  if (PLAIN_INTEGER.test(digits) && Number.isSafeInteger(tokens)) return tokens;
  throw new BudgetTextError(
    `${name}: expected a whole number of tokens from 0 to ${LARGEST}, got ${quote(text)}. ${mend(digits)}`,
  );
}

/**
 * Reads `/implement=40000`. The slash may be left out before a single word; of a slash command with
 * arguments only the base command is kept, because that is what budgets are matched by.
 * @throws BudgetTextError without `=`, without a command or with a limit that is no whole number.
 */
export function parseCommandBudget(text: string, name: string): CommandBudget {
  const at = text.lastIndexOf("=");
  const command = at === -1 ? "" : toCommand(text.slice(0, at));
  if (command === "" || command === "/") {
    throw new BudgetTextError(
      `${name}: expected COMMAND=TOKENS, got ${quote(text)}. Write e.g. '/implement=40000'.`,
    );
  }
  return { command, tokens: parseTokenBudget(text.slice(at + 1), `${name} (${command})`) };
}

/**
 * Reads several command budgets.
 * @throws BudgetTextError also where two of them limit the same base command.
 */
export function parseCommandBudgets(
  texts: readonly string[],
  name: string,
): ReadonlyMap<string, number> {
  const budgets = new Map<string, number>();
  for (const text of texts) {
    const { command, tokens } = parseCommandBudget(text, name);
    if (budgets.has(command)) {
      throw new BudgetTextError(
        `${name}: expected one budget per command, got a second one for ${quote(command)}: ${quote(text)}. Leave one of them out.`,
      );
    }
    budgets.set(command, tokens);
  }
  return budgets;
}

/** A command as an option or a file's key names it: a single word may lack its slash. */
export function toCommand(text: string): string {
  const command = baseCommand(text);
  const isBareWord = command !== "" && !command.startsWith("/") && !command.includes(" ");
  return isBareWord ? `/${command}` : command;
}

function mend(text: string): string {
  if (text === "" || text.startsWith("-")) {
    return "Write 0 to allow nothing, or leave the budget out for no limit.";
  }
  const tokens = readGenerously(text);
  return tokens === undefined ? "Write digits only, e.g. 40000." : `Write digits only: ${tokens}.`;
}

/** What somebody who wrote `10k tokens`, `1e6` or `200,000` probably meant. */
function readGenerously(text: string): number | undefined {
  const match = /^\+?([\d,_.]*\d(?:e\d{1,2})?)\s*([km])?\s*(?:tokens?)?$/iu.exec(text);
  if (!match?.[1]) return undefined;
  const unit = match[2]?.toLowerCase();
  const factor = unit === "k" ? 1000 : unit === "m" ? 1_000_000 : 1;
  const tokens = Number(match[1].replaceAll(/[,_]/gu, "")) * factor;
  return Number.isSafeInteger(tokens) ? tokens : undefined;
}

function quote(text: string): string {
  return JSON.stringify(
    text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text,
  );
}
