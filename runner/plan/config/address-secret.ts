import { decoded } from "../../platform/redaction/redact.ts";

/** How the keys of vendors and of code hosts begin, and tokens of JSON. */
const KEY = /^(?:(?:sk|pk|rk|gsk|xai|hf|ghp|gho|ghs|glpat|github_pat)[-_]|AIza|eyJ).{12}/u;
const NAMED_KEY = /(?:key|token|secret|password|auth)=/iu;

/**
 * Says which part of an address could be a secret, in words that do not repeat it; null if none could.
 * Addresses go into the ledger and into reports, so none may hold a secret.
 */
export function secretPartOf(address: string): string | null {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/u.test(url.protocol)) {
    return /[@?]/u.test(address) || looksSecret(address) ? "a text that may hold a key" : null;
  }
  if (url.password !== "") return "one with a password";
  if (url.username !== "") return "one with a user";
  if (address.includes("?")) return "one with a query";
  if (address.includes("#")) return "one with a fragment";
  return looksSecret(url.pathname) ? "one with a key in its path" : null;
}

function looksSecret(text: string): boolean {
  const parts = decoded(text).split(/[/:@]/u);
  return parts.some((part) => KEY.test(part) || NAMED_KEY.test(part));
}
