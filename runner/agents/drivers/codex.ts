import type { CommandLine } from "../../platform/processes/command-line.ts";
import { installationOf } from "../sandbox/installation.ts";
import { readCodexReport } from "./agent-reports.ts";
import { clientVariables } from "./agent-variables.ts";
import type { AgentAssignment, Driver, DriverContext } from "./driver.ts";
import { probeNpmClient } from "./probe-executable.ts";

const TESTED = "0.169.0";

/**
 * Codex, headless: `codex exec`, npm package `@openai/codex`. Its sandbox is off, because the attempt
 * has a sandbox of its own. Its settings are in a file of its home: its arguments can be read by
 * every user of the machine, and the proxy's address contains a key.
 */
export const codex: Driver = {
  name: "codex",
  title: "Codex",
  tested: TESTED,
  models: ["gpt-5.6-sol", "gpt-5.6-luna"],
  // Its tool for sub-agents lets the agent choose one of these.
  otherModels: ["gpt-6.1-sol", "gpt-6-astra", "gpt-6-sol", "gpt-6-luna", "gpt-5.6-sol"],
  vendor: "openai",
  dialects: ["openai-responses"],
  probe: probeNpmClient("codex", `@openai/codex@${TESTED}`),
  installation: installationOf,
  commandLine: (assignment, context) => ({
    file: context.executable,
    args: argumentsFor(assignment),
    env: variablesFor(assignment, context),
    files: { "config.toml": `${settingsFor(assignment).join("\n")}\n` },
  }),
  readReport: readCodexReport,
};

const KEY_VARIABLE = "CODEX_PROXY_KEY";

function argumentsFor({ prompt, model }: AgentAssignment): CommandLine["args"] {
  const freely = ["--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"];
  // "--" ends the options, so that a prompt may begin with a dash.
  return ["exec", "--json", ...freely, "--model", model, "--", prompt];
}

/** Only requests to the model: no update, report or plugin. */
const BEHAVIOUR = [
  "check_for_update_on_startup = false",
  "analytics.enabled = false",
  "features.plugins = false",
];

/** Names the proxy as a provider. An intercepted Codex keeps its built-in provider and address. */
function settingsFor(assignment: AgentAssignment): readonly string[] {
  const { interception, proxyUrl, telemetryUrl } = assignment;
  const telemetry = telemetryUrl === undefined ? [] : codexTelemetry(telemetryUrl);
  if (interception !== undefined) return [...BEHAVIOUR, ...telemetry];
  return [
    'model_provider = "proxy"',
    ...BEHAVIOUR,
    "[model_providers.proxy]",
    'name = "proxy"',
    `base_url = "${proxyUrl}/v1"`,
    'wire_api = "responses"',
    `env_key = "${KEY_VARIABLE}"`,
    ...telemetry,
  ];
}

/** The lines of its settings that let it send OpenTelemetry. Its log events have the tokens of each answer. */
export function codexTelemetry(telemetryUrl: string): readonly string[] {
  return [
    "[otel]",
    "log_user_prompt = false",
    `exporter = { otlp-http = { endpoint = "${telemetryUrl}/v1/logs", protocol = "json" } }`,
  ];
}

function variablesFor(assignment: AgentAssignment, context: DriverContext): CommandLine["env"] {
  const { home, proxyKey, interception } = assignment;
  return {
    ...clientVariables(assignment, context),
    // Codex refuses a folder that does not exist; the attempt's home exists.
    CODEX_HOME: home,
    [interception === undefined ? KEY_VARIABLE : "CODEX_API_KEY"]: proxyKey,
  };
}
