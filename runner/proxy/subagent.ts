import type { IncomingHttpHeaders } from "node:http";

import { plainId } from "./plain-id.ts";

interface ClientHeaders {
  /** Present only on requests of a sub-agent. */
  readonly marker: string;
  /** Names the sub-agent on those requests. */
  readonly id: string;
}

const SUBAGENT: readonly ClientHeaders[] = [
  { marker: "x-claude-code-agent-id", id: "x-claude-code-agent-id" },
  { marker: "x-openai-subagent", id: "thread-id" },
  { marker: "x-codex-parent-thread-id", id: "thread-id" },
  { marker: "x-parent-session-id", id: "x-session-id" },
];

const SESSION = ["x-claude-code-session-id", "session-id", "x-session-id", "session_id"];

/** The sub-agent that sent a request, as its client names it; null for a main agent. */
export function subagentIdOf(headers: IncomingHttpHeaders): string | null {
  const found = SUBAGENT.find(({ marker }) => headers[marker] !== undefined);
  return found === undefined ? null : (plainId(headers[found.id]) ?? "unnamed");
}

/** The session that a request belongs to, as its client names it. */
export function clientSessionIdOf(headers: IncomingHttpHeaders): string | null {
  const header = SESSION.find((name) => headers[name] !== undefined);
  return header === undefined ? null : plainId(headers[header]);
}
