import { z } from "zod";

import { countsOfGemini } from "../../../ledger/sources/tokens/gemini.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import { inReader } from "../../platform/reader/in-reader.ts";
import { installationOf } from "../sandbox/installation.ts";
import { clientVariables } from "./agent-variables.ts";
import type { AgentAssignment, AgentReport, Driver, ReportPlace } from "./driver.ts";
import { probeNpmClient } from "./probe-executable.ts";
import { readEvents } from "./read-events.ts";
import { reportOfOpenai } from "./report-of-openai.ts";

const TESTED = "0.61.0";

/**
 * Gemini CLI, headless: `gemini --prompt`, npm package `@google/gemini-cli`. The model is named, because
 * otherwise it first asks another model which one to use.
 */
export const gemini: Driver = {
  name: "gemini",
  title: "Gemini CLI",
  tested: TESTED,
  models: ["gemini-2.5-pro", "gemini-2.5-flash"],
  // For summaries, pages and searches, and the check for loops.
  otherModels: ["gemini-3.5-flash-lite", "gemini-3-flash-preview", "gemini-3-pro-preview"],
  vendor: "google",
  dialects: ["gemini"],
  probe: probeNpmClient("gemini", `@google/gemini-cli@${TESTED}`),
  installation: installationOf,
  commandLine: (assignment, context) => ({
    file: context.executable,
    args: argumentsFor(assignment),
    env: {
      ...clientVariables(assignment, context),
      ...BEHAVIOUR,
      GEMINI_API_KEY: assignment.proxyKey,
      ...(assignment.interception === undefined
        ? { GOOGLE_GEMINI_BASE_URL: assignment.proxyUrl }
        : {}),
    },
    files: { ".gemini/settings.json": `${JSON.stringify(SETTINGS, null, 2)}\n` },
  }),
  readReport: inReader(import.meta.url, "report", geminiReport),
};

function argumentsFor({ prompt, model }: AgentAssignment): CommandLine["args"] {
  const freely = ["--yolo", "--skip-trust"];
  // One word with its option, so that a prompt may begin with a dash.
  return ["--output-format", "stream-json", ...freely, "--model", model, `--prompt=${prompt}`];
}

const BEHAVIOUR: CommandLine["env"] = {
  GEMINI_CLI_TRUST_WORKSPACE: "true",
  // Otherwise it starts itself again with more memory, as a second process.
  GEMINI_CLI_NO_RELAUNCH: "true",
};

/** Only requests to the model: no update and no statistics. */
const SETTINGS = {
  security: { auth: { selectedType: "gemini-api-key" } },
  general: { enableAutoUpdate: false },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
};

const Tokens = z.int().nonnegative();

const Stats = z.looseObject({
  total_tokens: Tokens,
  input_tokens: Tokens,
  output_tokens: Tokens,
  cached: Tokens.optional(),
});
type Stats = z.infer<typeof Stats>;

const Failure = z.looseObject({ type: z.literal("result"), status: z.literal("error") });

const Result = z.looseObject({
  type: z.literal("result"),
  stats: Stats.extend({ models: z.record(z.string(), Stats).optional() }),
});

/** Reads the last event, which counts all requests of this run, also those of sub-agents. */
async function geminiReport({ capture }: ReportPlace): Promise<AgentReport> {
  let report: AgentReport = {};
  let end: Pick<AgentReport, "hasFailed"> = {};
  for await (const event of readEvents(capture, '"result"')) {
    if (Failure.safeParse(event).success) end = { hasFailed: true };
    const result = Result.safeParse(event);
    if (!result.success) continue;
    const { models, ...all } = result.data.stats;
    report = reportOfOpenai(Object.values(models ?? { all }).flatMap((one) => countsOf(one) ?? []));
  }
  return { ...report, ...end };
}

/** Its output leaves the thoughts out, and only the total has them. */
function countsOf({ total_tokens: total, input_tokens: prompt, output_tokens, cached }: Stats) {
  const thoughts = Math.max(0, total - prompt - output_tokens);
  return countsOfGemini({ prompt, cached, candidates: output_tokens, thoughts });
}
