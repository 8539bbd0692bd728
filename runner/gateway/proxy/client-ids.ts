import type { IncomingHttpHeaders } from "node:http";

/** Headers that only requests of a sub-agent have, each with the header that then names it. */
const SUBAGENT = [
  { marker: "x-claude-code-agent-id", id: "x-claude-code-agent-id" },
  { marker: "x-openai-subagent", id: "thread-id" },
  { marker: "x-codex-parent-thread-id", id: "thread-id" },
  { marker: "x-parent-session-id", id: "x-session-id" },
];

const SESSION = ["x-claude-code-session-id", "session-id", "x-session-id", "session_id"];
const PLAIN = /^[\w.:-]{1,128}$/;

/** The sub-agent that sent a request, as its client names it; null for a main agent. */
export function subagentIdOf(headers: IncomingHttpHeaders): string | null {
  const found = SUBAGENT.find(({ marker }) => headers[marker] !== undefined);
  return found === undefined ? null : (plainId(headers[found.id]) ?? "unnamed");
}

/** The session of a request, as its client names it. */
export function clientSessionIdOf(headers: IncomingHttpHeaders): string | null {
  const header = SESSION.find((name) => headers[name] !== undefined);
  return header === undefined ? null : plainId(headers[header]);
}

/** A foreign identifier, if it is short and plain enough for a ledger row; otherwise null. */
export function plainId(value: unknown): string | null {
  return typeof value === "string" && PLAIN.test(value) ? value : null;
}
