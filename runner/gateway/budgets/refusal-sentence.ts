import type { Refusal } from "../proxy/admission.ts";
import type { BudgetRefusal } from "./budget-attempt.ts";

const NAME_CHARACTERS_MAX = 40;

/**
 * Parts of words that make a client retry after a refusal. They are searched in single words, and in the
 * whole name without spaces ("time out", "rate limit").
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
 * Returns the sentence for a refused client. Some clients search the text for digits (`limit 50000`
 * contains a `500`) or for words such as "rate limit", and then retry. So the sentence contains only
 * the parts of a command's name that have neither.
 */
export function refusalSentence(budget: Pick<BudgetRefusal, "name" | "scope">): string {
  const name =
    budget.scope === "command" || budget.scope === "role" ? harmlessName(budget.name) : "";
  return name === ""
    ? "Spending cap reached. This run is over."
    : `Spending cap of ${name} reached. This run is over.`;
}

/** A refusal as its client gets it. */
export function toldRefusal(refusal: BudgetRefusal): Refusal {
  const { name: budget, isPassing, unpricedModel } = refusal;
  const sentence =
    unpricedModel === undefined ? refusalSentence(refusal) : unpricedSentence(unpricedModel);
  const told = { budget, sentence };
  return isPassing === true ? { ...told, isPassing } : told;
}

const MODEL_NAME = /^[\w.:/@-]{1,80}$/;
/** Some clients take them for a status that they may try again after. */
const STATUS_DIGITS = /429|50[0-4]/;

/** The model's name helps the agent's user, unless a client could retry because of it. */
function unpricedSentence(model: string): string {
  const isHarmless = MODEL_NAME.test(model) && !STATUS_DIGITS.test(model) && !isRisky(model);
  return `No price for ${isHarmless ? model : "this model"}. This run is over.`;
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
