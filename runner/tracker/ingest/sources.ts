import { ccusage } from "../../../ledger/sources/ccusage/parse.ts";
import { claudeResult } from "../../../ledger/sources/claude-result/parse.ts";
import { claudeSession } from "../../../ledger/sources/claude-session/parse.ts";
import { codexExec } from "../../../ledger/sources/codex-exec/parse.ts";
import { codexRollout } from "../../../ledger/sources/codex-rollout/parse.ts";
import { geminiSession } from "../../../ledger/sources/gemini-session/parse.ts";
import { opencodeSession } from "../../../ledger/sources/opencode-session/parse.ts";
import { otlp } from "../../../ledger/sources/otlp/parse.ts";
import { piSession } from "../../../ledger/sources/pi-session/parse.ts";
import { proxyTelemetry } from "../../../ledger/sources/proxy-telemetry/parse.ts";
import { qwenSession } from "../../../ledger/sources/qwen-session/parse.ts";
import type { UsageSource } from "../../../ledger/sources/usage-source.ts";

/** The foreign formats that can be read, by name. */
export const USAGE_SOURCES = {
  "codex-rollout": codexRollout,
  "codex-exec": codexExec,
  "claude-session": claudeSession,
  "claude-result": claudeResult,
  "gemini-session": geminiSession,
  "qwen-session": qwenSession,
  "opencode-session": opencodeSession,
  "pi-session": piSession,
  ccusage,
  "proxy-telemetry": proxyTelemetry,
  otlp,
} satisfies Record<string, UsageSource>;
