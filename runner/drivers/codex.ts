import { join } from "node:path";

import { readCodexReport } from "./agent-reports.ts";
import { interceptionVariables, passOn } from "./agent-variables.ts";
import type { AgentAssignment, CommandLine, Driver, DriverContext } from "./driver.ts";
import { probeExecutable } from "./probe-executable.ts";

/**
 * Codex, headless: `codex exec`, npm package `@openai/codex`. Its sandbox is off, because the attempt
 * has a sandbox of its own. Its settings are arguments, so that its home is empty at the start.
 */
export const codex: Driver = {
  name: "codex",
  vendor: "openai",
  probe: (environment) =>
    probeExecutable(environment, {
      command: "codex",
      install: "npm install --global @openai/codex@0.169.0",
    }),
  commandLine: (assignment, context) => ({
    file: context.executable,
    args: argumentsFor(assignment),
    env: variablesFor(assignment, context),
  }),
  readReport: readCodexReport,
};

const KEY_VARIABLE = "CODEX_PROXY_KEY";

function argumentsFor(assignment: AgentAssignment): CommandLine["args"] {
  const { prompt, model } = assignment;
  const settings = [...BEHAVIOUR, ...address(assignment)].flatMap((setting) => ["-c", setting]);
  const freely = ["--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"];
  // "--" ends the options, so that a prompt may begin with a dash.
  return ["exec", "--json", ...freely, "--model", model, ...settings, "--", prompt];
}

/** Only requests to the model: no update, report or plugin. */
const BEHAVIOUR = [
  "check_for_update_on_startup=false",
  "analytics.enabled=false",
  "features.plugins=false",
];

/** Names the proxy as a provider. An intercepted Codex keeps its built-in provider and address. */
function address({ interception, proxyUrl }: AgentAssignment): readonly string[] {
  if (interception !== undefined) return [];
  const provider = "model_providers.proxy";
  return [
    'model_provider="proxy"',
    `${provider}.name="proxy"`,
    `${provider}.base_url="${proxyUrl}/v1"`,
    `${provider}.wire_api="responses"`,
    `${provider}.env_key="${KEY_VARIABLE}"`,
  ];
}

function variablesFor(assignment: AgentAssignment, context: DriverContext): CommandLine["env"] {
  const { home, proxyKey, interception } = assignment;
  return {
    ...passOn(context.variables),
    TERM: "dumb",
    HOME: home,
    TMPDIR: join(home, "tmp"),
    // Codex refuses a folder that does not exist; the attempt's home exists.
    CODEX_HOME: home,
    ...(interception === undefined
      ? { [KEY_VARIABLE]: proxyKey }
      : { ...interceptionVariables(interception), CODEX_API_KEY: proxyKey }),
  };
}
