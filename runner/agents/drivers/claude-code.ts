import { join } from "node:path";

import type { CommandLine } from "../../platform/processes/command-line.ts";
import { installationOf } from "../sandbox/installation.ts";
import { readClaudeReport } from "./agent-reports.ts";
import { clientVariables } from "./agent-variables.ts";
import type { AgentAssignment, Driver } from "./driver.ts";
import { findClaudeLogin } from "./find-claude-login.ts";
import { probeNpmClient } from "./probe-executable.ts";

const TESTED = "2.1.329";

/**
 * Claude Code, headless: `claude -p`, npm package `@anthropic-ai/claude-code`.
 * The prompt is an argument, so the system limits its length (128 KiB on Linux).
 */
export const claudeCode: Driver = {
  name: "claude-code",
  title: "Claude Code",
  tested: TESTED,
  models: ["claude-sonnet-4-5", "claude-haiku-4-5"],
  // What its names haiku, sonnet, opus and fable mean.
  otherModels: ["claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5", "claude-fable-5-2"],
  vendor: "anthropic",
  dialects: ["anthropic-messages"],
  probe: probeNpmClient("claude", `@anthropic-ai/claude-code@${TESTED}`),
  installation: installationOf,
  findLogin: findClaudeLogin,
  commandLine: (assignment, context) => ({
    file: context.executable,
    args: argumentsFor(assignment),
    env: {
      ...clientVariables(assignment, context),
      CLAUDE_CONFIG_DIR: join(assignment.home, ".claude"),
      ...BEHAVIOUR,
      ...telemetryVariables(assignment),
      ...(context.isRoot ? { IS_SANDBOX: "1" } : {}),
      ...(assignment.auth === "inherit"
        ? context.login
        : { ANTHROPIC_API_KEY: assignment.proxyKey }),
      ...(assignment.interception === undefined ? { ANTHROPIC_BASE_URL: assignment.proxyUrl } : {}),
    },
  }),
  readReport: readClaudeReport,
};

/** Counts are sent every second, so that little is lost if the agent is killed. */
function telemetryVariables({ telemetryUrl }: AgentAssignment): CommandLine["env"] {
  if (telemetryUrl === undefined) return {};
  return {
    CLAUDE_CODE_ENABLE_TELEMETRY: "1",
    OTEL_METRICS_EXPORTER: "otlp",
    OTEL_LOGS_EXPORTER: "otlp",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_ENDPOINT: telemetryUrl,
    OTEL_METRIC_EXPORT_INTERVAL: "1000",
    OTEL_LOGS_EXPORT_INTERVAL: "1000",
  };
}

/** A limit ends the attempt: the harness waits for the reset, not the client. */
const SETTINGS = '{"autoContinueAtUsageLimit":false}';

function argumentsFor({ prompt, model }: AgentAssignment): CommandLine["args"] {
  const output = ["--output-format", "stream-json", "--verbose"];
  const permission = ["--permission-mode", "bypassPermissions"];
  // "--" ends the options, so that a prompt may begin with a dash.
  return ["-p", ...output, ...permission, "--settings", SETTINGS, "--model", model, "--", prompt];
}

/** Every provider gets the same, so that these settings cause no difference between two windows. */
const BEHAVIOUR: CommandLine["env"] = {
  // Only requests to the model: no update, telemetry, error report or feature flag.
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
  DISABLE_TELEMETRY: "1",
  DISABLE_ERROR_REPORTING: "1",
  // A background task outlives the answer of a headless run, and changes the order and number of
  // requests from run to run. Without them, sub-agents work in the foreground.
  CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1",
  // Headers then say which requests belong to a sub-agent or a compaction, or are auxiliary.
  CLAUDE_CODE_GATEWAY_HINT_HEADERS: "1",
  // Three tries outlast a short overload; the default of ten takes three minutes.
  CLAUDE_CODE_MAX_RETRIES: "3",
};
