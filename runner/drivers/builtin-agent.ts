import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { toolVersion } from "../package-folder.ts";
import { installationOfModule } from "../sandbox/installation.ts";
import { passOn } from "./agent-variables.ts";
import type { Driver, DriverContext } from "./driver.ts";

/** The agent that comes with the product: a small tool loop for any endpoint of the Messages or Chat API. */
export const builtinAgent: Driver = {
  name: "builtin-agent",
  title: "the built-in agent",
  models: ["claude-sonnet-4-5", "claude-haiku-4-5"],
  vendor: "anthropic",
  dialects: ["anthropic-messages", "openai-chat"],
  // The agent is part of this program and runs on the same Node.js, so it is always installed.
  probe: async () => ({ ready: true, version: toolVersion(), executable: process.execPath }),
  installation: () => installationOfModule(agentEntry()),
  commandLine: ({ home, model, dialect, proxyUrl, proxyKey }, { executable, variables }) => ({
    file: executable,
    args: [agentEntry(), "--model", model, "--prompt-file", join(home, "prompt.md")],
    isOwnModule: true,
    env: {
      ...passOn(variables),
      ...compileCache(variables),
      HOME: home,
      TMPDIR: join(home, "tmp"),
      ...(dialect === "openai-chat"
        ? { OPENAI_BASE_URL: `${proxyUrl}/v1`, OPENAI_API_KEY: proxyKey }
        : { ANTHROPIC_BASE_URL: proxyUrl, ANTHROPIC_API_KEY: proxyKey }),
    },
  }),
};

/** The agent is part of this program, so it may use the code that this program has compiled. */
function compileCache(variables: DriverContext["variables"]): Readonly<Record<string, string>> {
  const folder = variables["NODE_COMPILE_CACHE"];
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

/** In the sources the agent's entry ends in `.ts` like this file, in the build in `.js`. */
function agentEntry(): string {
  const extension = extname(fileURLToPath(import.meta.url));
  return fileURLToPath(new URL(`../agent/main${extension}`, import.meta.url));
}
