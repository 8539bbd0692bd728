import { member } from "./json-value.ts";

/** No request of any vendor comes near it; a larger count is a fault and taken as not said. */
const TOKENS_MAX = 1e9;

/** A token counter of an answer; undefined where it is missing or absurd. */
export function readTokens(usage: unknown, name: string): number | undefined {
  const tokens = member(usage, name);
  return typeof tokens === "number" &&
    Number.isInteger(tokens) &&
    tokens >= 0 &&
    tokens <= TOKENS_MAX
    ? tokens
    : undefined;
}
