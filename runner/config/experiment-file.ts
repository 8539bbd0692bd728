import { z } from "zod";

import { BudgetsFile } from "../budgets/budgets-file.ts";
import { PlanPrice } from "../prices/plan-price.ts";
import { ModelPrices } from "../prices/price-list.ts";
import { ModelProfile } from "../rehearsal/profile.ts";
import { fieldHints } from "./field-hints.ts";
import { refuseLooseEnds } from "./loose-ends.ts";
import { RoutesFile } from "./routes-file.ts";

const NAME = "a name of letters, digits, dots, dashes and underscores";
const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/i, NAME)
  .register(fieldHints, { expected: NAME, mend: "Write another name." });

/** Where a credential comes from: the client's own log-in, or an environment variable of ours. */
const Auth = z
  .string()
  .regex(/^(?:inherit|env [A-Za-z_][A-Za-z0-9_]*)$/)
  .register(fieldHints, {
    expected: '"inherit" or "env VARIABLE"',
    mend: "Write inherit for the client's own log-in, or e.g. env ANTHROPIC_API_KEY.",
  });

const ProviderFile = z
  .strictObject({
    driver: z.string().register(fieldHints, {
      expected: "the name of a driver",
      mend: "Write claude-code or builtin-agent.",
    }),
    vendor: Name.optional(),
    model: z.string().min(1).register(fieldHints, {
      expected: "the name of a model",
      mend: "Write it as the upstream spells it, e.g. claude-sonnet-4-5.",
    }),
    auth: Auth.optional(),
    upstream: Name.optional(),
    workflow: z.literal("solo").default("solo"),
    routes: z.array(z.string()).min(1).optional().register(fieldHints, {
      expected: "a list of names of routes",
      mend: 'Write e.g. [subagents-to-glm], and the route under "routes".',
    }),
    via: z.enum(["base-url", "mitm"]).default("base-url").register(fieldHints, {
      expected: "base-url or mitm",
      mend: "Write mitm only for an agent that has no setting for its base URL.",
    }),
    plan: z
      .union([z.string().min(1), PlanPrice])
      .optional()
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

/** Either an address, or the built-in scripted model server, which plays a profile per model name. */
const UpstreamFile = z.strictObject({
  base_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .register(fieldHints, {
      expected: "an address that begins with http:// or https://",
      mend: "Write e.g. https://api.anthropic.com.",
    }),
  auth: Auth.optional(),
  header: z.enum(["x-api-key", "bearer"]).default("x-api-key"),
  requests_per_s: RequestsPerS.optional(),
  scripted: z.record(z.string(), ModelProfile).optional(),
});

/** A list of prices beside this file, or figures by model. */
const PricesFile = z.union([z.string().min(1), ModelPrices]).register(fieldHints, {
  expected: "a price file, or prices by model",
  mend: "Write e.g. prices.yaml, or { my-model: { input: 3, output: 15 } } in dollars per million tokens.",
});

const STRATUM_FIELDS = ["stratum", "size", "difficulty", "language", "peak_hours"] as const;
const StratumFact = z.enum(STRATUM_FIELDS).register(fieldHints, {
  expected: '"stratum", "size", "difficulty", "language" or "peak_hours"',
  mend: "Write by what to balance, e.g. [size, language].",
});

const Minutes = z.number().positive().max(1440).register(fieldHints, {
  expected: "a number of minutes, more than 0 and at most 1440",
  mend: "Write e.g. 30.",
});

/** `experiment.yaml`, as a user writes it. */
export const ExperimentFile = z
  .strictObject({
    name: Name.default("experiment"),
    seed: z.string().min(1).optional().register(fieldHints, {
      expected: "a text in quotes",
      mend: 'Write it in quotes, e.g. seed: "42".',
    }),
    tasks: z
      .strictObject({
        bank: z.string().min(1).default("task-bank").register(fieldHints, {
          expected: "a folder of tasks",
          mend: "Write a path relative to this file, or builtin for the bank that comes with the product.",
        }),
        include: z.array(z.string()).min(1).default(["*"]),
        replicates: z.int().min(1).max(100).default(1).register(fieldHints, {
          expected: "a whole number from 1 to 100",
          mend: "Write how often every provider gets every task, e.g. 1.",
        }),
      })
      .prefault({}),
    providers: z.record(Name, ProviderFile),
    baseline: Name.optional(),
    design: z
      .strictObject({
        blocks: z.int().min(2).max(20).multipleOf(2).default(2).register(fieldHints, {
          expected: "an even number from 2 to 20",
          mend: "Write the size of a block, e.g. 2.",
        }),
        strata: z.array(StratumFact).min(1).default(["stratum"]),
        washout_s: z.number().min(0).max(86_400).default(0),
        concurrency: z.int().min(1).max(64).default(1),
      })
      .prefault({}),
    upstreams: z.record(Name, UpstreamFile).default({}),
    routes: z.record(Name, RoutesFile).default({}),
    budgets: BudgetsFile.optional(),
    analysis: z
      .strictObject({
        policy: z.enum(["literal", "standard", "strict"]).optional(),
        cost: z.enum(["usd", "tokens"]).optional(),
        cost_scope: z.enum(["window", "subagents"]).optional(),
        gates: z.string().min(1).optional().register(fieldHints, {
          expected: "a gate file",
          mend: "Write a path relative to this file, e.g. gates.yaml.",
        }),
        divergence_share: z.number().min(0).max(1).optional().register(fieldHints, {
          expected: "a share from 0 to 1",
          mend: "Write e.g. 0.1 for a tenth.",
        }),
      })
      .optional(),
    prices: PricesFile.optional(),
    limits: z
      .strictObject({
        window_minutes: Minutes.optional(),
        idle_minutes: Minutes.optional(),
        requests_per_s: RequestsPerS.optional(),
      })
      .prefault({}),
  })
  .superRefine(refuseLooseEnds)
  .register(fieldHints, {
    expected: "a map of fields",
    mend: 'Write one field a line, or let "experiment init" write the file.',
  });
export type ExperimentFile = z.infer<typeof ExperimentFile>;

/** The JSON Schema by which editors complete and check `experiment.yaml`; hints become descriptions. */
export function experimentJsonSchema(): object {
  return z.toJSONSchema(ExperimentFile, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const hint = fieldHints.get(zodSchema);
      if (hint !== undefined) jsonSchema.description = `Expected: ${hint.expected}. ${hint.mend}`;
    },
  });
}
