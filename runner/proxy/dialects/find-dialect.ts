import { anthropicMessages } from "./anthropic-messages.ts";
import type { Dialect } from "./dialect.ts";
import { openaiChat, openaiResponses } from "./openai.ts";

const DIALECTS: readonly Dialect[] = [anthropicMessages, openaiResponses, openaiChat];

interface FoundDialect {
  readonly dialect: Dialect | null;
  readonly kind: "model" | "count_tokens" | "other";
}

/** The dialect of a request, by its method and path; null for a request that passes unread. */
export function findDialect(method: string, path: string): FoundDialect {
  for (const dialect of DIALECTS) {
    const kind = dialect.kindOf(path);
    if (kind !== null) return { dialect, kind: method === "POST" ? kind : "other" };
  }
  return { dialect: null, kind: "other" };
}
