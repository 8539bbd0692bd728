import { join } from "node:path";

import { z } from "zod";

import { sumUsage, type Usage } from "../../../ledger/domain/usage.ts";
import type { DialectName } from "../../gateway/proxy/dialects/dialect.ts";
import { OWN_UPSTREAMS } from "../../gateway/proxy/vendors.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import { inReader } from "../../platform/reader/in-reader.ts";
import { installationOf } from "../sandbox/installation.ts";
import { clientVariables } from "./agent-variables.ts";
import type { AgentAssignment, AgentReport, Driver, ReportPlace } from "./driver.ts";
import { probeNpmClient } from "./probe-executable.ts";
import { readEvents } from "./read-events.ts";

const TESTED = "1.18.33";

/**
 * opencode, headless: `opencode run`, npm package `opencode-ai`. The key and the address are in a file
 * of its home. With the first request it asks its model for a title; that request is counted too.
 */
export const opencode: Driver = {
  name: "opencode",
  title: "opencode",
  tested: TESTED,
  models: ["claude-sonnet-4-5", "claude-haiku-4-5"],
  vendor: "anthropic",
  dialects: ["anthropic-messages", "openai-responses", "openai-chat"],
  probe: probeNpmClient("opencode", `opencode-ai@${TESTED}`),
  installation: installationOf,
  commandLine: (assignment, context) => ({
    file: context.executable,
    // "--" ends the options, so that a prompt may begin with a dash.
    args: ["run", "--format", "json", "--", assignment.prompt],
    env: {
      ...clientVariables(assignment, context),
      ...homeVariables(assignment),
      ...BEHAVIOUR,
    },
    files: { "opencode.json": `${JSON.stringify(settingsFor(assignment), null, 2)}\n` },
  }),
  readReport: inReader(import.meta.url, "report", opencodeReport),
};

function homeVariables({ home }: AgentAssignment): CommandLine["env"] {
  return {
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local/share"),
    XDG_STATE_HOME: join(home, ".local/state"),
    XDG_CACHE_HOME: join(home, ".cache"),
    OPENCODE_CONFIG: join(home, "opencode.json"),
  };
}

/** Only requests to the model: no update, list of models, language server or plugin. */
const BEHAVIOUR: CommandLine["env"] = {
  OPENCODE_DISABLE_AUTOUPDATE: "1",
  OPENCODE_DISABLE_MODELS_FETCH: "1",
  OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
  OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
};

interface Api {
  /** What opencode calls the provider. It knows the models of the vendors by their names. */
  readonly provider: string;
  readonly vendor: keyof typeof OWN_UPSTREAMS;
  /** What opencode has to learn about a provider that it does not know. */
  readonly own?: object;
}

const MESSAGES: Api = { provider: "anthropic", vendor: "anthropic" };

const OTHER_APIS: Readonly<Partial<Record<DialectName, Api>>> = {
  "openai-responses": { provider: "openai", vendor: "openai" },
  "openai-chat": {
    provider: "proxy",
    vendor: "openai",
    own: { npm: "@ai-sdk/openai-compatible", name: "proxy" },
  },
};

/** An intercepted client asks the vendor's own address. */
function settingsFor(assignment: AgentAssignment): object {
  const { dialect = "anthropic-messages", model, proxyUrl, proxyKey, interception } = assignment;
  const { provider, vendor, own } = OTHER_APIS[dialect] ?? MESSAGES;
  const base = interception === undefined ? proxyUrl : OWN_UPSTREAMS[vendor].baseUrl;
  const options = { baseURL: `${base}/v1`, apiKey: proxyKey };
  return {
    autoupdate: false,
    share: "disabled",
    model: `${provider}/${model}`,
    // Titles come from the same model: an upstream may have no other.
    small_model: `${provider}/${model}`,
    provider: { [provider]: { ...own, options, models: { [model]: {} } } },
    // The client would take "no" as the answer to a question, because no person is there.
    permission: { "*": "allow" },
  };
}

const Tokens = z.int().nonnegative();

const StepFinish = z.looseObject({
  type: z.literal("step_finish"),
  part: z.looseObject({
    cost: z.number().nonnegative().optional(),
    tokens: z.looseObject({
      input: Tokens,
      output: Tokens,
      reasoning: Tokens.default(0),
      cache: z.looseObject({ read: Tokens, write: Tokens }).default({ read: 0, write: 0 }),
    }),
  }),
});
type StepFinish = z.infer<typeof StepFinish>;

/** Adds up the steps of the main session. No event mentions the title or a sub-agent. */
async function opencodeReport({ capture }: ReportPlace): Promise<AgentReport> {
  const steps: StepFinish["part"][] = [];
  for await (const event of readEvents(capture, '"step_finish"')) {
    const step = StepFinish.safeParse(event);
    if (step.success) steps.push(step.data.part);
  }
  if (steps.length === 0) return {};
  const costUsd = steps.reduce((sum, { cost = 0 }) => sum + cost, 0);
  return {
    usage: sumUsage(steps.map(usageOf)),
    isMainOnly: true,
    isPartial: true,
    // A model that its list lacks costs nothing there.
    ...(costUsd > 0 ? { costUsd } : {}),
  };
}

function usageOf({ tokens }: StepFinish["part"]): Usage {
  return {
    input_uncached: tokens.input,
    cache_read: tokens.cache.read,
    cache_write_5m: tokens.cache.write,
    // Its output leaves the reasoning out.
    output: tokens.output + tokens.reasoning,
    reasoning: tokens.reasoning,
    // The client does not report its number of requests.
    requests: 0,
  };
}
