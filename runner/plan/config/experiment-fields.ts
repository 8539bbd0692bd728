import { z } from "zod";

import { CommandAgentFile, CommandWords } from "../../agents/drivers/command-file.ts";
import { DRIVER_NAMES } from "../../agents/drivers/registry.ts";
import { BudgetsFile } from "../../gateway/budgets/budgets-file.ts";
import { ModelPrices, PlanPrice } from "../../gateway/prices/price-list.ts";
import { DIALECT_NAMES } from "../../gateway/proxy/dialects/dialect.ts";
import { ExperimentNetwork } from "../../gateway/proxy/network/network-file.ts";
import { type FaultEnd, fieldHints } from "../../platform/yaml/field-hints.ts";
import { ModelProfile } from "../../rehearsal/profile.ts";
import { secretPartOf } from "./address-secret.ts";
import { RoutesFile } from "./routes-file.ts";

const NAME = "a name of letters, digits, dots, dashes and underscores";
const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/i, NAME)
  .register(fieldHints, { expected: NAME, mend: "Write another name." });

/**
 * The source of a credential: the client's own log-in, or an environment variable. A long name with
 * lower-case letters and digits is a key, not the name of a variable.
 */
const Auth = z
  .string()
  .regex(/^(?:inherit|env (?!(?=.*[a-z])(?=.*\d).{20})[A-Za-z_][A-Za-z0-9_]*)$/)
  .register(fieldHints, {
    expected: '"inherit" or "env VARIABLE"',
    mend: "Write inherit for the client's own log-in, or e.g. env ANTHROPIC_API_KEY.",
    describe: describeAuth,
  });

const KEY_MEND =
  "Put the key into an environment variable and write its name, e.g. env ANTHROPIC_API_KEY. Replace the key: this file may have been copied.";

/** What a value looks like that is not a credential's source. It may be a key, so no message repeats it. */
function describeAuth(value: unknown): FaultEnd {
  if (value === undefined) return { got: "nothing" };
  if (Array.isArray(value)) return { got: "a list" };
  if (value !== null && typeof value === "object") return { got: "a map" };
  if (typeof value !== "string") return { got: "no text" };
  if (value === "" || value === "env") return { got: JSON.stringify(value) };
  if (/^(?:env )?\$\{?\w+\}?$/.test(value)) return { got: "a shell variable" };
  return { got: "a literal key", mend: KEY_MEND };
}

/** An address that holds a secret is not repeated. */
function describeAddress(value: unknown): FaultEnd {
  const part = typeof value === "string" ? secretPartOf(value) : null;
  if (part === null) return {};
  return {
    expected: "an address without user, password, query, fragment and key",
    got: part,
    mend: `Write e.g. https://api.anthropic.com. ${KEY_MEND}`,
  };
}

const ProviderFile = z
  .strictObject({
    driver: z
      .string()
      .describe(
        `How its agent is started: ${DRIVER_NAMES.map((name) => `\`${name}\``).join(", ")}.`,
      )
      .register(fieldHints, {
        expected: "the name of a driver",
        mend: `Write one of: ${DRIVER_NAMES.join(", ")}.`,
      }),
    vendor: Name.optional().describe(
      "Whose tokens these are (default: the upstream). Tokens are compared only within one vendor.",
    ),
    dialect: z
      .enum(DIALECT_NAMES)
      .optional()
      .describe("The API that its agent speaks (default: the driver's first).")
      .register(fieldHints, {
        expected: "the name of an API",
        mend: `Write one of: ${DIALECT_NAMES.join(", ")}.`,
      }),
    model: z
      .string()
      .min(1)
      .describe("The model, as the upstream spells it.")
      .register(fieldHints, {
        expected: "the name of a model",
        mend: "Write it as the upstream spells it, e.g. claude-sonnet-4-5.",
      }),
    auth: Auth.optional().describe(
      "The credential: `inherit` for the client's own log-in, or `env VARIABLE` (default: the driver's).",
    ),
    upstream: Name.optional().describe(
      "The upstream that answers its requests (default: the vendor of its driver's API, e.g. `anthropic`).",
    ),
    command: CommandWords.optional().describe(
      "With `driver: command`: the program that is the agent, with its arguments. Names in braces stand for values.",
    ),
    agent: CommandAgentFile.optional().describe(
      "With `driver: command`: what the agent speaks, needs and reports.",
    ),
    windows: z
      .int()
      .min(1)
      .max(64)
      .optional()
      .describe("How many of its windows may run at once (default: 1; any number with `--store`).")
      .register(fieldHints, {
        expected: "a whole number of windows from 1 to 64",
        mend: "Write e.g. 2, if the provider and this machine can handle it.",
      }),
    workflow: z
      .string()
      .min(1)
      .default("solo")
      .describe(
        "How agents share the work: `solo` (one agent works alone), `team` (the roles that come with the product), or a workflow file, relative to this file.",
      )
      .register(fieldHints, {
        expected: "solo, team or the name of a workflow file",
        mend: "Write e.g. team. A file of your own is checked by: experiment workflow check FILE",
      }),
    routes: z
      .array(z.string())
      .min(1)
      .optional()
      .describe("Routes that send some of its requests elsewhere, in this order.")
      .register(fieldHints, {
        expected: "a list of names of routes",
        mend: 'Write e.g. [subagents-to-glm], and the route under "routes".',
      }),
    via: z
      .enum(["base-url", "mitm"])
      .default("base-url")
      .describe("How its agent reaches the proxy: by base URL, or by `HTTPS_PROXY`.")
      .register(fieldHints, {
        expected: "base-url or mitm",
        mend: "Write mitm only for an agent that has no setting for its base URL.",
      }),
    plan: z
      .union([z.string().min(1), PlanPrice])
      .optional()
      .describe(
        "The subscription that pays for its own upstream: a name under `plans` of the price file, or its price.",
      )
      .register(fieldHints, {
        expected: "the name of a plan in the price file, or its price over a meter",
        mend: "Write e.g. max-20x, or { usd: 200, per_days: 30, meter: weekly }.",
      }),
  })
  .register(fieldHints, {
    expected: "a map of driver and model",
    mend: "Write e.g. { driver: claude-code, model: claude-sonnet-4-5 }.",
  });

const RequestsPerS = z.number().positive().max(10_000).register(fieldHints, {
  expected: "a number of requests, more than 0",
  mend: "Write e.g. 5.",
});

/** An address, or the built-in scripted model server, which plays one profile per model name. */
const UpstreamFile = z.strictObject({
  base_url: z
    .url({ protocol: /^https?$/, abort: true })
    .refine((address) => secretPartOf(address) === null)
    .optional()
    .describe(
      "Its address, without user, password, query and key. It speaks the API of its providers' agents.",
    )
    .register(fieldHints, {
      expected: "an address that begins with http:// or https://",
      mend: "Write e.g. https://api.anthropic.com.",
      describe: describeAddress,
    }),
  auth: Auth.optional().describe("The credential of all its providers that name none."),
  header: z
    .enum(["x-api-key", "bearer", "x-goog-api-key"])
    .optional()
    .describe("The header that carries the key (default: that of its vendor, or of the driver's)."),
  requests_per_s: RequestsPerS.optional().describe(
    "Requests that may start within one second. Further ones wait in order (default: unlimited).",
  ),
  scripted: z
    .record(z.string(), ModelProfile)
    .optional()
    .describe("Instead of an address: a scripted model for each name."),
});

/** A price file, or prices by model. */
const PricesFile = z.union([z.string().min(1), ModelPrices]).register(fieldHints, {
  expected: "a price file, or prices by model",
  mend: "Write e.g. prices.yaml, or { my-model: { input: 3, output: 15 } } in dollars per million tokens.",
});

const STRATUM_FIELDS = ["stratum", "size", "difficulty", "language", "peak_hours"] as const;
/** A fact by which assignment is balanced: a property of the task, or the hours of the matched set. */
export type StratumField = (typeof STRATUM_FIELDS)[number];
const StratumFact = z.enum(STRATUM_FIELDS).register(fieldHints, {
  expected: '"stratum", "size", "difficulty", "language" or "peak_hours"',
  mend: "Write by what to balance, e.g. [size, language].",
});

const Minutes = z.number().positive().max(1440).register(fieldHints, {
  expected: "a number of minutes, more than 0 and at most 1440",
  mend: "Write e.g. 30.",
});

/** The fields of `experiment.yaml`, each by itself. */
export const ExperimentFields = z.strictObject({
  name: Name.default("experiment").describe("The experiment's name in the titles of reports."),
  seed: z
    .string()
    .min(1)
    .optional()
    .describe("The text that draws the schedule (default: `1`).")
    .register(fieldHints, {
      expected: "a text in quotes",
      mend: 'Write it in quotes, e.g. seed: "42".',
    }),
  tasks: z
    .strictObject({
      bank: z
        .string()
        .min(1)
        .default("task-bank")
        .describe("The folder of tasks, relative to this file, or `builtin`.")
        .register(fieldHints, {
          expected: "a folder of tasks",
          mend: "Write a path relative to this file, or builtin for the bank that comes with the product.",
        }),
      include: z
        .array(z.string())
        .min(1)
        .default(["*"])
        .describe("Task ids or patterns, such as `room-*`."),
      replicates: z
        .int()
        .min(1)
        .max(100)
        .default(1)
        .describe("How often every provider gets every task.")
        .register(fieldHints, {
          expected: "a whole number from 1 to 100",
          mend: "Write how often every provider gets every task, e.g. 1.",
        }),
    })
    .prefault({}),
  providers: z.record(Name, ProviderFile).describe("Two to six ways to get work done, by name."),
  baseline: Name.optional().describe(
    "The provider that the others are compared with (default: the first).",
  ),
  design: z
    .strictObject({
      blocks: z
        .int()
        .min(2)
        .max(20)
        .multipleOf(2)
        .default(2)
        .describe("Size of the blocks within which the schedule is balanced. An even number.")
        .register(fieldHints, {
          expected: "an even number from 2 to 20",
          mend: "Write the size of a block, e.g. 2.",
        }),
      strata: z
        .array(StratumFact)
        .min(1)
        .default(["stratum"])
        .describe(
          "Facts of tasks by which the schedule is balanced. `peak_hours` needs a price or plan with a peak.",
        ),
      washout_s: z
        .number()
        .min(0)
        .max(86_400)
        .default(0)
        .describe("Seconds of pause between two windows of a task."),
      concurrency: z
        .int()
        .min(1)
        .max(64)
        .optional()
        .describe(
          "Tasks that run at the same time (default: half of the machine's cores, at most one for each provider, and 1 with a plan).",
        )
        .register(fieldHints, {
          expected: "a whole number of tasks from 1 to 64",
          mend: "Write e.g. 2.",
        }),
    })
    .prefault({}),
  upstreams: z
    .record(Name, UpstreamFile)
    .default({})
    .describe("Servers that answer requests, by name. `anthropic` is built in."),
  routes: z
    .record(Name, RoutesFile)
    .default({})
    .describe("Rules that send some requests of a provider to another upstream, by name."),
  budgets: BudgetsFile.optional().describe(
    "Limits on tokens, dollars and minutes. An absent limit is unlimited.",
  ),
  analysis: z
    .strictObject({
      policy: z
        .enum(["literal", "standard", "strict"])
        .optional()
        .describe("How strictly the gates decide (default: the gate file's policy)."),
      cost: z
        .enum(["usd", "tokens"])
        .optional()
        .describe(
          "The compared measure (default: `usd` if every model has a price or a plan, else `tokens`).",
        ),
      cost_scope: z
        .enum(["window", "subagents"])
        .optional()
        .describe(
          "Which requests are compared: all of a window (default), or only those of sub-agents.",
        ),
      gates: z
        .string()
        .min(1)
        .optional()
        .describe("A gate file with other thresholds, relative to this file.")
        .register(fieldHints, {
          expected: "a gate file",
          mend: "Write a path relative to this file, e.g. gates.yaml.",
        }),
      divergence_share: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe(
          "Two counts of the same tokens may differ by this share before the report marks them (default: 0.1).",
        )
        .register(fieldHints, {
          expected: "a share from 0 to 1",
          mend: "Write e.g. 0.1 for a tenth.",
        }),
    })
    .optional(),
  prices: PricesFile.optional().describe(
    "A price file, relative to this file, or prices by model. They win over the built-in list.",
  ),
  limits: z
    .strictObject({
      window_minutes: Minutes.optional().describe(
        "Time that a window may take. A shorter `timeout_s` of the task wins.",
      ),
      idle_minutes: Minutes.optional().describe(
        "Time without a sign of life after which a window ends (default: 5).",
      ),
      requests_per_s: RequestsPerS.optional().describe(
        "Requests of one window that may start within one second. Further ones wait in order (default: unlimited).",
      ),
    })
    .prefault({}),
  isolation: z
    .enum(["preferred", "required"])
    .default("preferred")
    .describe(
      "Whether agents may run without a sandbox: `required` refuses to run where there is none.",
    )
    .register(fieldHints, {
      expected: '"preferred" or "required"',
      mend: "Write required to refuse a run without a sandbox.",
    }),
  network: ExperimentNetwork.default("closed").describe(
    "What sandboxed agents reach besides their models: nothing (`closed`, the default), the hosts of `allow`, or every public host (`open`).",
  ),
  telemetry: z
    .enum(["none", "otlp"])
    .default("none")
    .describe(
      "What agents report about their use, to compare it with the proxy's count: nothing (`none`, the default), or OpenTelemetry (`otlp`; Claude Code and Codex).",
    )
    .register(fieldHints, {
      expected: '"none" or "otlp"',
      mend: "Write otlp to receive what Claude Code and Codex count.",
    }),
  resources: z
    .strictObject({
      cpus: z
        .number()
        .min(0.1)
        .max(1024)
        .optional()
        .describe("CPUs that it may keep busy.")
        .register(fieldHints, {
          expected: "a number of CPUs from 0.1 to 1024",
          mend: "Write e.g. 2.",
        }),
      memory: z
        .string()
        .regex(/^[1-9]\d{0,5}[MG]$/)
        .optional()
        .describe("Memory that it may use, such as `4G` or `512M`.")
        .register(fieldHints, {
          expected: "an amount of memory with M or G",
          mend: "Write e.g. 4G.",
        }),
      processes: z
        .int()
        .min(16)
        .max(1_000_000)
        .optional()
        .describe("Processes and threads that it may have at a time.")
        .register(fieldHints, {
          expected: "a whole number of processes from 16 to 1000000",
          mend: "Write e.g. 512.",
        }),
    })
    .default({})
    .describe(
      "Limits on each agent with everything that it starts, the same for all providers. They need control groups (cgroups) of Linux that may be written.",
    )
    .register(fieldHints, {
      expected: "a map of cpus, memory and processes",
      mend: "Write e.g. { cpus: 2, memory: 4G, processes: 512 }.",
    }),
});
