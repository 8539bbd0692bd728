import { unusualName } from "../../domain/billing.ts";
import { isFields, member, readTokens } from "./counters.ts";

const REQUESTS = "_requests";
/** Searches have a counter of their own. Pages that are fetched cost only their tokens. */
const NOT_PRICED: ReadonlySet<string> = new Set(["web_search_requests", "web_fetch_requests"]);

/** Calls of the vendor's own tools that a usage counts in `server_tool_use`; undefined if there are none. */
export function readToolRequests(usage: unknown): Readonly<Record<string, number>> | undefined {
  const tools = member(usage, "server_tool_use");
  if (!isFields(tools)) return undefined;
  const counts: Record<string, number> = {};
  for (const field of Object.keys(tools)) {
    const calls = readTokens(tools, field) ?? 0;
    if (calls === 0 || !field.endsWith(REQUESTS) || NOT_PRICED.has(field)) continue;
    const tool = unusualName(field.slice(0, -REQUESTS.length)) ?? "unnamed";
    counts[tool] = (counts[tool] ?? 0) + calls;
  }
  return Object.keys(counts).length === 0 ? undefined : counts;
}
