import { ccusage } from "../../../ledger/sources/ccusage/parse.ts";
import { claudeResult } from "../../../ledger/sources/claude-result/parse.ts";
import { claudeSession } from "../../../ledger/sources/claude-session/parse.ts";
import { codexExec } from "../../../ledger/sources/codex-exec/parse.ts";
import { codexRollout } from "../../../ledger/sources/codex-rollout/parse.ts";
import { otlp } from "../../../ledger/sources/otlp/parse.ts";
import { proxyTelemetry } from "../../../ledger/sources/proxy-telemetry/parse.ts";
import type { UsageSource } from "../../../ledger/sources/usage-source.ts";

/** The foreign formats that can be read, by name. */
export const USAGE_SOURCES = {
  "codex-rollout": codexRollout,
  "codex-exec": codexExec,
  "claude-session": claudeSession,
  "claude-result": claudeResult,
  ccusage,
  "proxy-telemetry": proxyTelemetry,
  otlp,
} satisfies Record<string, UsageSource>;
