import { z } from "zod";

import type { OpenaiCounts } from "../../../ledger/sources/tokens/openai.ts";
import type { DialectName } from "../../gateway/proxy/dialects/dialect.ts";
import { OWN_UPSTREAMS } from "../../gateway/proxy/vendors.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import { inReader } from "../../platform/reader/in-reader.ts";
import { installationOf } from "../sandbox/installation.ts";
import { clientVariables } from "./agent-variables.ts";
import type { AgentAssignment, AgentReport, Driver, ReportPlace } from "./driver.ts";
import { probeNpmClient } from "./probe-executable.ts";
import { readEvents } from "./read-events.ts";
import { reportOfOpenai } from "./report-of-openai.ts";

const TESTED = "0.24.4";

/**
 * Qwen Code, headless: `qwen --prompt`, npm package `@qwen-code/qwen-code`. Its requests do not say which
 * of them are a sub-agent's. Some runs ask the model for memories; these requests are counted too.
 */
export const qwen: Driver = {
  name: "qwen",
  title: "Qwen Code",
  tested: TESTED,
  models: ["qwen3-coder-plus", "qwen3-coder-flash"],
  vendor: "dashscope",
  dialects: ["openai-chat", "openai-responses", "anthropic-messages"],
  probe: probeNpmClient("qwen", `@qwen-code/qwen-code@${TESTED}`),
  installation: installationOf,
  commandLine: (assignment, context) => ({
    file: context.executable,
    args: argumentsFor(assignment),
    env: {
      ...clientVariables(assignment, context),
      // Otherwise it starts itself again with more memory, as a second process.
      QWEN_CODE_NO_RELAUNCH: "true",
      ...endpointVariables(assignment),
    },
    files: { ".qwen/settings.json": `${JSON.stringify(SETTINGS, null, 2)}\n` },
  }),
  readReport: inReader(import.meta.url, "report", qwenReport),
};

interface Api {
  readonly authType: string;
  /** The beginning of the names of its variables. */
  readonly prefix: string;
  readonly vendor: keyof typeof OWN_UPSTREAMS;
  /** The end of its base URL. */
  readonly suffix: string;
}

const CHAT: Api = { authType: "openai", prefix: "OPENAI", vendor: "openai", suffix: "/v1" };

const OTHER_APIS: Readonly<Partial<Record<DialectName, Api>>> = {
  "openai-responses": { ...CHAT, authType: "openai-responses" },
  "anthropic-messages": {
    authType: "anthropic",
    prefix: "ANTHROPIC",
    vendor: "anthropic",
    suffix: "",
  },
};

function apiOf({ dialect = "openai-chat" }: AgentAssignment): Api {
  return OTHER_APIS[dialect] ?? CHAT;
}

function argumentsFor(assignment: AgentAssignment): CommandLine["args"] {
  const { prompt, model } = assignment;
  const freely = ["--yolo", "--auth-type", apiOf(assignment).authType];
  // One word with its option, so that a prompt may begin with a dash.
  return ["--output-format", "stream-json", ...freely, "--model", model, `--prompt=${prompt}`];
}

/** Only requests to the model: no update and no statistics. */
const SETTINGS = {
  general: { enableAutoUpdate: false },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
};

/** An intercepted client asks the vendor's own address. */
function endpointVariables(assignment: AgentAssignment): CommandLine["env"] {
  const { model, proxyKey, proxyUrl, interception } = assignment;
  const { prefix, vendor, suffix } = apiOf(assignment);
  const base = interception === undefined ? proxyUrl : OWN_UPSTREAMS[vendor].baseUrl;
  return {
    [`${prefix}_API_KEY`]: proxyKey,
    [`${prefix}_MODEL`]: model,
    [`${prefix}_BASE_URL`]: `${base}${suffix}`,
  };
}

const Tokens = z.int().nonnegative();

const Result = z.looseObject({
  type: z.literal("result"),
  usage: z.looseObject({
    input_tokens: Tokens,
    output_tokens: Tokens,
    cache_read_input_tokens: Tokens.optional(),
  }),
});

/** Reads the last event. Its input includes cached tokens; cache writes are not separate. */
async function qwenReport({ capture }: ReportPlace): Promise<AgentReport> {
  let last: OpenaiCounts | undefined;
  for await (const event of readEvents(capture, '"result"')) {
    const result = Result.safeParse(event);
    if (!result.success) continue;
    const { input_tokens: input, output_tokens: output, ...cached } = result.data.usage;
    last = { input, read: cached.cache_read_input_tokens, output };
  }
  return reportOfOpenai(last === undefined ? [] : [last]);
}
