import { join } from "node:path";

import type { AgentAssignment, CommandLine, Driver, DriverContext } from "./driver.ts";
import { findClaudeLogin } from "./find-claude-login.ts";
import { interceptionVariables } from "./interception-variables.ts";
import { passOn } from "./pass-on-variables.ts";
import { probeExecutable } from "./probe-executable.ts";
import { readClaudeReport } from "./read-claude-report.ts";

/**
 * Claude Code, headless: `claude -p`, npm package `@anthropic-ai/claude-code`.
 * The prompt is an argument, so it is bounded by the system (128 KiB on Linux).
 */
export const claudeCode: Driver = {
  name: "claude-code",
  probe: (environment) =>
    probeExecutable(environment, {
      command: "claude",
      install: "npm install --global @anthropic-ai/claude-code@2.1.329",
    }),
  findLogin: findClaudeLogin,
  commandLine: (assignment, context) => ({
    file: context.executable,
    args: argumentsFor(assignment),
    env: {
      ...passOn(context.variables),
      ...homeVariables(assignment),
      ...BEHAVIOUR,
      ...(context.isRoot ? { IS_SANDBOX: "1" } : {}),
      ...credentials(assignment, context),
      ...address(assignment),
    },
  }),
  readUsage: async (capture) => (await readClaudeReport(capture)).usage,
  readCostUsd: async (capture) => (await readClaudeReport(capture)).costUsd,
};

function argumentsFor({ prompt, model }: AgentAssignment): CommandLine["args"] {
  const output = ["--output-format", "stream-json", "--verbose"];
  const permission = ["--permission-mode", "bypassPermissions"];
  // Behind "--", so that a prompt that starts with a dash is not taken for an option.
  return ["-p", ...output, ...permission, "--model", model, "--", prompt];
}

/** Settings, memory, logs and temporary files of an attempt are its own. */
function homeVariables({ home }: AgentAssignment): CommandLine["env"] {
  return { HOME: home, TMPDIR: join(home, "tmp"), CLAUDE_CONFIG_DIR: join(home, ".claude") };
}

/** The same for every provider, so that no difference between two windows comes from here. */
const BEHAVIOUR: CommandLine["env"] = {
  TERM: "dumb",
  // Nothing but the model's requests: no update, telemetry, error report or feature flag.
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
  DISABLE_TELEMETRY: "1",
  DISABLE_ERROR_REPORTING: "1",
  // Background tasks outlive the answer that nobody waits for in a headless run, and let the
  // order and number of requests vary from run to run; sub-agents work in the foreground instead.
  CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1",
  // Says in headers which requests are a sub-agent's, a compaction's or auxiliary.
  CLAUDE_CODE_GATEWAY_HINT_HEADERS: "1",
  // A broken stream is not asked for again at full price without streaming.
  CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK: "1",
  // A short overload is ridden out; the default of ten tries takes three minutes.
  CLAUDE_CODE_MAX_RETRIES: "3",
};

function address({ interception, proxyUrl }: AgentAssignment): CommandLine["env"] {
  return interception === undefined
    ? { ANTHROPIC_BASE_URL: proxyUrl }
    : interceptionVariables(interception);
}

function credentials(assignment: AgentAssignment, context: DriverContext): CommandLine["env"] {
  if (assignment.auth === "inherit") return context.login ?? {};
  return { ANTHROPIC_API_KEY: assignment.proxyKey };
}
