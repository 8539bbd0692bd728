import { z } from "zod";

import { fieldHints } from "../../platform/yaml/field-hints.ts";

const RULES_MAX = 100;

const Condition = z
  .strictObject({
    subagent: z
      .boolean()
      .optional()
      .describe("Whether a sub-agent sends the request.")
      .register(fieldHints, {
        expected: "true or false",
        mend: "Write true for requests of sub-agents, false for those of the main agent.",
      }),
    model: z
      .string()
      .min(1)
      .optional()
      .describe("A pattern for the requested model.")
      .register(fieldHints, {
        expected: "a pattern for names of models",
        mend: 'Write e.g. "claude-haiku-*".',
      }),
    share: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe("Share of the matching requests, drawn by the seed.")
      .register(fieldHints, {
        expected: "a share from 0 to 1",
        mend: "Write e.g. 0.5 for half of the requests.",
      }),
  })
  .readonly();

/** Rules that send some requests of a provider to another upstream, as a user writes them. */
export const RoutesFile = z
  .array(
    z.strictObject({
      when: Condition.default({}).describe(
        "Which requests the rule takes. All conditions must hold.",
      ),
      to: z.string().min(1).describe("The upstream that answers instead.").register(fieldHints, {
        expected: "the name of an upstream",
        mend: 'Write one that is listed under "upstreams".',
      }),
      model: z
        .string()
        .min(1)
        .optional()
        .describe("The model that is asked instead.")
        .register(fieldHints, {
          expected: "the name of a model",
          mend: "Write it as the upstream spells it, or leave it out to keep the request's.",
        }),
    }),
  )
  .min(1)
  .max(RULES_MAX)
  .readonly()
  .register(fieldHints, {
    expected: "a list of rules",
    mend: "Write e.g. [{ when: { subagent: true }, to: glm, model: glm-4.6 }].",
  });
export type RoutesFile = z.infer<typeof RoutesFile>;
