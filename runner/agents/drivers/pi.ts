import { join } from "node:path";

import { z } from "zod";

import { sumUsage, type Usage } from "../../../ledger/domain/usage.ts";
import { usageOfClaudeCounts } from "../../../ledger/sources/tokens/claude.ts";
import type { DialectName } from "../../gateway/proxy/dialects/dialect.ts";
import { OWN_UPSTREAMS } from "../../gateway/proxy/vendors.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import { inReader } from "../../platform/reader/in-reader.ts";
import { installationOf } from "../sandbox/installation.ts";
import { clientVariables } from "./agent-variables.ts";
import type { AgentAssignment, AgentReport, Driver, ReportPlace } from "./driver.ts";
import { probeNpmClient } from "./probe-executable.ts";
import { readEvents } from "./read-events.ts";

const TESTED = "0.87.1";

/**
 * pi, headless: `pi --print`, npm package `@earendil-works/pi-coding-agent`. It has no sub-agents. It
 * exits with 0 whatever happened, so its exit code says nothing.
 */
export const pi: Driver = {
  name: "pi",
  title: "pi",
  tested: TESTED,
  models: ["claude-sonnet-4-5", "claude-haiku-4-5"],
  vendor: "anthropic",
  dialects: ["anthropic-messages", "openai-responses", "openai-chat"],
  probe: probeNpmClient("pi", `@earendil-works/pi-coding-agent@${TESTED}`),
  installation: installationOf,
  commandLine: (assignment, context) => ({
    file: context.executable,
    args: argumentsFor(assignment),
    env: {
      ...clientVariables(assignment, context),
      PI_CODING_AGENT_DIR: join(assignment.home, ".pi/agent"),
      PI_OFFLINE: "1",
      PI_TELEMETRY: "0",
    },
    files: {
      ".pi/agent/models.json": `${JSON.stringify(settingsFor(assignment), null, 2)}\n`,
    },
  }),
  readReport: inReader(import.meta.url, "report", piReport),
};

interface Api {
  /** What pi calls the provider. It knows the models of the vendors by their names. */
  readonly provider: string;
  readonly vendor: keyof typeof OWN_UPSTREAMS;
  /** The end of its base URL. */
  readonly suffix: string;
  /** What pi has to learn about a provider that it does not know. */
  readonly own?: (model: string) => object;
}

const MESSAGES: Api = { provider: "anthropic", vendor: "anthropic", suffix: "" };

const OTHER_APIS: Readonly<Partial<Record<DialectName, Api>>> = {
  "openai-responses": { provider: "openai", vendor: "openai", suffix: "/v1" },
  "openai-chat": {
    provider: "proxy",
    vendor: "openai",
    suffix: "/v1",
    own: (model) => ({ api: "openai-completions", models: [{ id: model }] }),
  },
};

function apiOf({ dialect = "anthropic-messages" }: AgentAssignment): Api {
  return OTHER_APIS[dialect] ?? MESSAGES;
}

function argumentsFor(assignment: AgentAssignment): CommandLine["args"] {
  const { prompt, model } = assignment;
  const quiet = ["--print", "--mode", "json", "--offline"];
  return [...quiet, "--provider", apiOf(assignment).provider, "--model", model, prompt];
}

/** The proxy under the provider's name. An intercepted client asks the vendor's own address. */
function settingsFor(assignment: AgentAssignment): object {
  const { model, proxyUrl, proxyKey, interception } = assignment;
  const { provider, vendor, suffix, own } = apiOf(assignment);
  const base = interception === undefined ? proxyUrl : OWN_UPSTREAMS[vendor].baseUrl;
  const endpoint = { baseUrl: `${base}${suffix}`, apiKey: proxyKey, ...own?.(model) };
  return { providers: { [provider]: endpoint } };
}

const Tokens = z.int().nonnegative();

const MessageEnd = z.looseObject({
  type: z.literal("message_end"),
  message: z.looseObject({
    role: z.literal("assistant"),
    stopReason: z.string().optional(),
    usage: z.looseObject({
      input: Tokens,
      output: Tokens,
      cacheRead: Tokens.default(0),
      cacheWrite: Tokens.default(0),
      cacheWrite1h: Tokens.default(0),
      reasoning: Tokens.optional(),
    }),
  }),
});
type PiUsage = z.infer<typeof MessageEnd>["message"]["usage"];

/** Adds up the ends of the model's messages. Other events repeat the same messages. */
async function piReport({ capture }: ReportPlace): Promise<AgentReport> {
  const usages: Usage[] = [];
  let stopReason: string | undefined;
  for await (const event of readEvents(capture, '"message_end"')) {
    const end = MessageEnd.safeParse(event);
    if (!end.success) continue;
    usages.push(usageOf(end.data.message.usage));
    ({ stopReason } = end.data.message);
  }
  if (usages.length === 0) return {};
  return {
    usage: sumUsage(usages),
    ...(stopReason === "error" ? { hasFailed: true } : {}),
  };
}

/** Its cache writes include those of one hour. */
function usageOf({ cacheRead, cacheWrite, cacheWrite1h, ...counts }: PiUsage): Usage {
  const cached = { read: cacheRead, written: cacheWrite, written1h: cacheWrite1h };
  // The client does not report its number of requests.
  return usageOfClaudeCounts({ ...counts, ...cached }, 0);
}
