import { anthropicMessages } from "./anthropic-messages.ts";
import type { Dialect } from "./dialect.ts";
import { openaiChat, openaiResponses } from "./openai.ts";

const DIALECTS: readonly Dialect[] = [anthropicMessages, openaiResponses, openaiChat];

/** The dialect of a request, by its method and path; null for a request that passes unread. */
export function findDialect(method: string, path: string) {
  for (const dialect of DIALECTS) {
    const kind = dialect.kindOf(path);
    if (kind !== null) return { dialect, kind: method === "POST" ? kind : ("other" as const) };
  }
  return { dialect: null, kind: "other" as const };
}
