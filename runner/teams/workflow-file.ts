import { z } from "zod";

import { fieldHints } from "../platform/yaml/field-hints.ts";
import { HANDOFF_KINDS, RoleName, WORKSPACE_PATH } from "./handoff-schema.ts";

/** What a role may be shown besides the handoffs of other roles. */
export const MATERIALS = ["task", "criteria", "diff"] as const;
/** The name in a prompt that stands for the file into which the role writes its handoff. */
export const HANDOFF_PLACE = "handoff";
const RESERVED: readonly string[] = [...MATERIALS, HANDOFF_PLACE];

const Amount = (unit: string, example: string) =>
  z
    .number()
    .positive()
    .optional()
    .describe(`The most ${unit} that the role may use in one window.`)
    .register(fieldHints, { expected: "a positive number", mend: `Write e.g. ${example}.` });

const Tokens = z
  .int()
  .positive()
  .optional()
  .describe("The most tokens that the role may use in one window.")
  .register(fieldHints, { expected: "a positive whole number", mend: "Write e.g. 40000." });

const Text = z
  .string()
  .regex(/\S/u)
  .register(fieldHints, { expected: "a text", mend: "Write a name in quotes." });

const Pattern = z.string().regex(WORKSPACE_PATH).register(fieldHints, {
  expected: "a pattern of paths in the workspace",
  mend: "Write it relative to the workspace, e.g. docs/**.",
});

const Role = z.strictObject({
  name: RoleName.refine((name) => !RESERVED.includes(name))
    .describe("The role's name, which later roles read its handoff by.")
    .register(fieldHints, {
      expected: "the name of a role",
      mend: `Write lower-case words joined by hyphens, other than ${RESERVED.join(", ")}.`,
    }),
  command: z
    .string()
    .regex(/^\/[a-z][a-z0-9:-]*$/u)
    .describe("The command that the role is asked for; command budgets go by it.")
    .register(fieldHints, { expected: "a command", mend: "Write e.g. /review." }),
  provider: Text.optional().describe(
    "The provider that the role works with (default: the window's).",
  ),
  model: Text.optional().describe("The model of the role (default: its provider's)."),
  prompt: z
    .string()
    .regex(/\S/u)
    .describe("What the role is asked. Names in braces stand for what it reads.")
    .register(fieldHints, {
      expected: "a text",
      mend: "Write the prompt after `prompt: |`, with names such as {task} in it.",
    }),
  reads: z
    .array(Text)
    .min(1)
    .describe(
      "What its prompt shows: `task`, `diff`, `criteria` of the plan, or handoffs by the names of their roles.",
    )
    .register(fieldHints, {
      expected: "a list with at least one entry",
      mend: "Write e.g. [task, planner].",
    }),
  writes: z
    .array(Pattern)
    .describe(
      "Patterns of the files that it may change besides its handoff; an empty list: no file.",
    )
    .register(fieldHints, {
      expected: "a list of patterns",
      mend: 'Write [] for a role that changes nothing, or e.g. ["docs/**"].',
    }),
  handoff: z
    .enum(HANDOFF_KINDS)
    .describe("The schema of its handoff.")
    .register(fieldHints, {
      expected: "the kind of a handoff",
      mend: `Write one of: ${HANDOFF_KINDS.join(", ")}.`,
    }),
  sends_back_to: Text.optional().describe(
    "For a review: the earlier role that mends its findings. Without it, the review is only shown.",
  ),
  rounds_max: z
    .int()
    .min(1)
    .max(20)
    .default(3)
    .describe("How often the work may be sent back.")
    .register(fieldHints, {
      expected: "a whole number from 1 to 20",
      mend: "Write e.g. 3.",
    }),
  parallel: z
    .boolean()
    .default(false)
    .describe("Whether the role works at the same time as the one before it."),
  budgets: z
    .strictObject({
      tokens: Tokens,
      usd: Amount("dollars", "2.5"),
      minutes: Amount("minutes", "15"),
    })
    .default({})
    .describe("The role's own limits in one window."),
  when_spent: z
    .enum(["end", "continue"])
    .default("end")
    .describe("What a spent budget of the role ends: the whole workflow, or the role alone.")
    .register(fieldHints, {
      expected: "end or continue",
      mend: "Write continue only if the work is complete without this role.",
    }),
});
export type Role = z.infer<typeof Role>;

/** A file that says how roles share the work of a window. */
export const WorkflowFile = z
  .strictObject({
    version: z.literal(1).describe("The version of the format."),
    roles: z
      .array(Role)
      .min(1)
      .max(20)
      .describe("The roles in the order in which they work.")
      .register(fieldHints, {
        expected: "a list of 1 to 20 roles",
        mend: "Write one role an entry.",
      }),
  })
  .describe("How roles share the work of a window.");
export type WorkflowFile = z.infer<typeof WorkflowFile>;

/** The JSON Schema by which editors complete and check a workflow file. */
export function workflowJsonSchema(): object {
  return z.toJSONSchema(WorkflowFile, { io: "input" });
}
