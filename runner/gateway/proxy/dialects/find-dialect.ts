import { anthropicMessages, claudeOnVertex } from "./anthropic-messages.ts";
import type { Dialect } from "./dialect.ts";
import { gemini } from "./gemini.ts";
import { openaiChat, openaiResponses } from "./openai.ts";

const DIALECTS: readonly Dialect[] = [
  anthropicMessages,
  claudeOnVertex,
  openaiResponses,
  openaiChat,
  gemini,
];

/**
 * The dialect of a request, by its method and path; null for one that passes unread. Requests
 * that cost nothing are of the kind `other`. All else is `unmetered`: a model may work for it.
 * @param path in one spelling: lower case, decoded.
 */
export function findDialect(method: string, path: string) {
  const kind = isFree(method, path) ? ("other" as const) : ("unmetered" as const);
  for (const dialect of DIALECTS) {
    const found = dialect.kindOf(path);
    if (found !== null) return { dialect, kind: method === "POST" ? found : kind };
  }
  return { dialect: null, kind };
}

/** Methods that only read or remove (RFC 9110, section 9.2). */
const FREE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "DELETE"]);

const FREE_PATHS: readonly RegExp[] = [
  // Clients report events, and ask for settings and a renewed log-in.
  /^\/api\/(?:event_logging|claude_cli|claude_code|claude_code_penguin_mode|directory|eval)\//,
  /^\/(?:v1\/|api\/)?oauth\/token$/,
  /^\/v1\/(?:metrics|traces|logs)$/,
  // The Gemini CLI logs in, and asks for its settings and its quota.
  /^\/v1internal:(?:loadcodeassist|onboarduser|listexperiments|retrieveuserquota|fetchadmincontrols)$/,
  /^\/v1internal:(?:recordcodeassistmetrics|setcodeassistglobalusersetting)$/,
  // Files are stored for later requests.
  /^(?:\/upload)?\/v\d+[a-z]*\/(?:files|uploads)(?:\/|$)/,
  // Work ends early.
  /[/:]cancel$/,
];

function isFree(method: string, path: string): boolean {
  return FREE_METHODS.has(method) || FREE_PATHS.some((free) => free.test(path));
}

/** What a run may ask a vendor besides models: lists of models, files, ends of jobs and a renewed log-in. */
const OF_A_RUN: readonly RegExp[] = [
  /^(?:\/upload|\/backend-api\/codex)?(?:\/v\d+[a-z]*)?\/(?:models|files|uploads|messages|responses|chat)(?:\/|$)/,
  /\/oauth\/token$/,
  /^\/v1internal(?::loadcodeassist$|:onboarduser$|\/operations\/)/,
  /[/:]cancel$/,
];

/** Whether a request that costs nothing serves the models. Settings, telemetry and updates do not. */
export function servesModels(path: string): boolean {
  return OF_A_RUN.some((known) => known.test(path));
}
