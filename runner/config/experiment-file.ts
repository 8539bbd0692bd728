import { z } from "zod";

import { BudgetsFile } from "../budgets/budgets-file.ts";
import { ModelProfile } from "../rehearsal/profile.ts";

const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/i, "a name of letters, digits, dots, dashes and underscores");

/** Where a credential comes from: the client's own log-in, or an environment variable of ours. */
const Auth = z.union([
  z.literal("inherit"),
  z.string().regex(/^env [A-Za-z_][A-Za-z0-9_]*$/, '"inherit" or "env VARIABLE"'),
]);

const ProviderFile = z.strictObject({
  driver: z.string(),
  vendor: Name.optional(),
  model: z.string().min(1),
  auth: Auth.optional(),
  upstream: Name.optional(),
  workflow: z.literal("solo").default("solo"),
});

const RemoteUpstream = z.strictObject({
  base_url: z.url({ protocol: /^https?$/ }),
  auth: Auth.optional(),
  header: z.enum(["x-api-key", "bearer"]).default("x-api-key"),
});

/** The built-in scripted model server, started for the run; it plays one profile per model name. */
const ScriptedUpstream = z.strictObject({
  scripted: z.record(z.string(), ModelProfile),
});

/** `experiment.yaml`, as a user writes it. */
export const ExperimentFile = z.strictObject({
  name: Name.default("experiment"),
  seed: z.string().optional(),
  tasks: z
    .strictObject({
      bank: z.string().default("task-bank"),
      include: z.array(z.string()).min(1).default(["*"]),
      replicates: z.int().min(1).max(100).default(1),
    })
    .prefault({}),
  providers: z
    .record(Name, ProviderFile)
    .refine((providers) => Object.keys(providers).length >= 2, {
      error: "at least two providers",
    }),
  baseline: Name.optional(),
  design: z
    .strictObject({
      blocks: z.int().min(2).max(20).multipleOf(2).default(2),
      washout_s: z.number().min(0).max(86_400).default(0),
      concurrency: z.int().min(1).max(64).default(1),
    })
    .prefault({}),
  upstreams: z.record(Name, z.union([ScriptedUpstream, RemoteUpstream])).default({}),
  budgets: BudgetsFile.optional(),
  limits: z
    .strictObject({
      window_minutes: z.number().positive().max(1440).optional(),
      idle_minutes: z.number().positive().max(1440).optional(),
    })
    .prefault({}),
});
export type ExperimentFile = z.infer<typeof ExperimentFile>;
