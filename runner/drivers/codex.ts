import { join } from "node:path";

import type { AgentAssignment, CommandLine, Driver, DriverContext } from "./driver.ts";
import { interceptionVariables } from "./interception-variables.ts";
import { passOn } from "./pass-on-variables.ts";
import { probeExecutable } from "./probe-executable.ts";
import { readCodexReport } from "./read-codex-report.ts";

/**
 * Codex, headless: `codex exec`, npm package `@openai/codex`. Its sandbox is off, since the
 * attempt's own stands around it; its settings are arguments, so that its home begins empty.
 */
export const codex: Driver = {
  name: "codex",
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
  readUsage: readCodexReport,
};

const KEY_VARIABLE = "CODEX_PROXY_KEY";

function argumentsFor(assignment: AgentAssignment): CommandLine["args"] {
  const { prompt, model } = assignment;
  const settings = [...BEHAVIOUR, ...address(assignment)].flatMap((setting) => ["-c", setting]);
  const freely = ["--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"];
  // Behind "--", so that a prompt that starts with a dash is not taken for an option.
  return ["exec", "--json", ...freely, "--model", model, ...settings, "--", prompt];
}

/** Nothing but the model's requests: no update, report or plugin. */
const BEHAVIOUR = [
  "check_for_update_on_startup=false",
  "analytics.enabled=false",
  "features.plugins=false",
];

/** A provider of its own for the proxy's address; intercepted, the built-in one knows the vendor's. */
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
    // It refuses a folder that does not exist; the attempt's home does, and is its alone.
    CODEX_HOME: home,
    ...(interception === undefined
      ? { [KEY_VARIABLE]: proxyKey }
      : { ...interceptionVariables(interception), CODEX_API_KEY: proxyKey }),
  };
}
