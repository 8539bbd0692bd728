import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { toolVersion } from "../package-folder.ts";
import type { AgentAssignment, CommandLine, Driver, DriverContext } from "./driver.ts";
import { passOn } from "./pass-on-variables.ts";

/** The agent that comes with the product: a small tool loop for any Messages API endpoint. */
export const builtinAgent: Driver = {
  name: "builtin-agent",
  // It is this program, run by the same Node.js: it cannot be missing.
  probe: async () => ({ ready: true, version: toolVersion(), executable: process.execPath }),
  commandLine: (assignment, context) => commandLine(assignment, context),
};

function commandLine(assignment: AgentAssignment, context: DriverContext): CommandLine {
  const { home, model, proxyUrl, proxyKey } = assignment;
  return {
    file: context.executable,
    args: [agentEntry(), "--model", model, "--prompt-file", join(home, "prompt.md")],
    env: {
      ...passOn(context.variables),
      HOME: home,
      TMPDIR: join(home, "tmp"),
      ANTHROPIC_BASE_URL: proxyUrl,
      ANTHROPIC_API_KEY: proxyKey,
    },
  };
}

/** The agent's entry is a source file beside this source file, or built beside this built file. */
function agentEntry(): string {
  const extension = extname(fileURLToPath(import.meta.url));
  return fileURLToPath(new URL(`../agent/main${extension}`, import.meta.url));
}
