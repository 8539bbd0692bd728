import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { z } from "zod";

import { Usage } from "../../../ledger/domain/usage.ts";
import { toolVersion } from "../../platform/environment/package-folder.ts";
import { inReader } from "../../platform/reader/in-reader.ts";
import { installationOfModule } from "../sandbox/installation.ts";
import { passOn } from "./agent-variables.ts";
import type { AgentReport, Driver, DriverContext, ReportPlace } from "./driver.ts";
import { readEvents } from "./read-events.ts";

/** The agent that comes with the product: a small tool loop for any endpoint of the Messages or Chat API. */
export const builtinAgent: Driver = {
  name: "builtin-agent",
  title: "the built-in agent",
  models: ["claude-sonnet-4-5", "claude-haiku-4-5"],
  vendor: "anthropic",
  dialects: ["anthropic-messages", "openai-chat"],
  // It gets its address, and sends requests nowhere else.
  isInterceptable: false,
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
  readReport: inReader(import.meta.url, "report", builtinReport),
};

const Event = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("retry") }),
  z.looseObject({ type: z.literal("result"), outcome: z.string(), usage: Usage }),
]);

/** Reads the last event. It counts whole answers only, so it may lack one after a retry or a failure. */
async function builtinReport({ capture }: ReportPlace): Promise<AgentReport> {
  let hasRetried = false;
  for await (const line of readEvents(capture, '"type":"re')) {
    const event = Event.safeParse(line).data;
    if (event?.type === "retry") hasRetried = true;
    if (event?.type !== "result") continue;
    const { usage, outcome } = event;
    return { usage, ...(hasRetried || outcome !== "done" ? { isPartial: true } : {}) };
  }
  return {};
}

/** The agent is part of this program, so it may use the code that this program has compiled. */
function compileCache(variables: DriverContext["variables"]): Readonly<Record<string, string>> {
  const folder = variables["NODE_COMPILE_CACHE"];
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

/** In the sources the agent's entry ends in `.ts` like this file, in the build in `.js`. */
function agentEntry(): string {
  const extension = extname(fileURLToPath(import.meta.url));
  return fileURLToPath(new URL(`../builtin/main${extension}`, import.meta.url));
}
