import type { BudgetScope } from "../../ledger/domain/budget-event.ts";

const NAME_CHARACTERS_MAX = 40;

/**
 * What makes a client take a refusal for something to try again; looked for in single words, and
 * in the whole name without its spaces ("time out", "rate limit").
 */
const RISKY_PARTS = [
  "again",
  "connect",
  "error",
  "exhaust",
  "fetchfailed",
  "hangup",
  "limit",
  "overload",
  "request",
  "retries",
  "retry",
  "terminat",
  "throttl",
  "timedout",
  "timeout",
  "toomany",
  "unavailab",
  "upstream",
];

/**
 * What a refused client is told. Some clients search the text for digits (`limit 50000` holds a
 * `500`) and for words such as "rate limit" and then try again, so that a command's name is let in
 * only as far as it is free of both.
 */
export function refusalSentence(budget: {
  readonly name: string;
  readonly scope: BudgetScope;
}): string {
  const name =
    budget.scope === "command" || budget.scope === "role" ? harmlessName(budget.name) : "";
  return name === ""
    ? "Spending cap reached. This run is over."
    : `Spending cap of ${name} reached. This run is over.`;
}

function harmlessName(name: string): string {
  const words = name
    .normalize("NFKC")
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== "" && !isRisky(word))
    .join(" ")
    .slice(0, NAME_CHARACTERS_MAX)
    .trim();
  return isRisky(words.replaceAll(" ", "")) ? "" : words;
}

function isRisky(text: string): boolean {
  const lower = text.toLowerCase();
  return RISKY_PARTS.some((part) => lower.includes(part));
}
