import { z } from "zod";

import { fieldHints } from "../platform/yaml/field-hints.ts";

export const HANDOFF_KINDS = ["plan", "implementation", "review", "documentation"] as const;

const Text = z.string().regex(/\S/u).register(fieldHints, {
  expected: "a text",
  mend: "Write a sentence, in quotes if it has a colon.",
});

const Line = z.int().min(1).register(fieldHints, {
  expected: "the number of a line",
  mend: "Write e.g. 12.",
});

const Lines = z
  .union([z.int().min(1), z.string().regex(/^[1-9]\d*-[1-9]\d*$/u)])
  .refine(isInOrder)
  .register(fieldHints, {
    expected: "a line, or a range of lines",
    mend: "Write e.g. 12, or 12-40.",
  });

/** Neither absolute nor above the workspace, and with forward slashes. */
export const WORKSPACE_PATH = /^(?![/~]|[A-Za-z]:)(?!(?:.*\/)?\.\.(?:\/|$))[^\\\n\r]+$/u;

const RelativePath = z.string().regex(WORKSPACE_PATH).register(fieldHints, {
  expected: "a path in the workspace",
  mend: "Write it relative to the workspace, e.g. src/cache.ts.",
});

export const RoleName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/u)
  .register(fieldHints, {
    expected: "the name of a role",
    mend: "Write lower-case words joined by hyphens, e.g. reviewer.",
  });

const FindingNumber = z.int().min(1).register(fieldHints, {
  expected: "the number of a finding",
  mend: "Write e.g. 1, and keep it when the finding comes back.",
});

const Status = z.enum(["open", "resolved"]).describe("Whether the finding is mended.");

const EMPTY = "Write [] if there is nothing to name.";

/** A list that has to be there, so that an empty one is a statement and not an omission. */
function listOf<Item extends z.ZodType>(item: Item, about: string) {
  return z.array(item).describe(about).register(fieldHints, { expected: "a list", mend: EMPTY });
}

/** A list with something in it. */
function someOf<Item extends z.ZodType>(item: Item, about: string) {
  return z
    .array(item)
    .min(1)
    .describe(about)
    .register(fieldHints, { expected: "a list with at least one entry", mend: "Name one." });
}

const File = z.strictObject({
  path: RelativePath,
  lines: Lines.optional().describe("A line, or a range such as 12-40."),
  note: Text.describe("What the next role should know about it."),
});

const Test = z.strictObject({
  run: Text.describe("The command line."),
  exit_code: z.int().describe("How it ended."),
  result: Text.describe("What it showed."),
});

/** What every handoff says. */
const COMMON = {
  role: RoleName.describe("The role that writes the handoff."),
  summary: Text.describe("The result, in one or two sentences."),
  files: listOf(File, "The files that matter, with their lines."),
  messages: listOf(
    z.strictObject({ text: Text, from: Text.describe("What printed it.") }),
    "Messages that were seen, word for word.",
  ),
  tests: someOf(Test, "The test commands that were run, and their results."),
  decisions: listOf(z.strictObject({ decision: Text, reason: Text }), "Decisions and reasons."),
  problems: listOf(
    z.strictObject({ problem: Text, solution: Text }),
    "Problems that were met, and what was done about them.",
  ),
  limitations: listOf(Text, "Known limitations of the result."),
  validation: someOf(
    z.strictObject({
      what: Text.describe("The statement that was checked."),
      by: Text.describe("The role or the person that confirmed it."),
      how: Text.describe("The command or the procedure."),
    }),
    "What was confirmed, by whom and how.",
  ),
};

const Plan = z
  .strictObject({
    handoff: z.literal("plan"),
    ...COMMON,
    gaps: listOf(
      z.strictObject({ gap: Text, answer: Text }),
      "What the specification leaves open, and the answer that the plan gives.",
    ),
    criteria: someOf(Text, "The criteria of success."),
    test_commands: someOf(Text, "The command lines that check the criteria."),
    changed_lines_max: z
      .int()
      .min(1)
      .describe("The most lines that the work may add and remove.")
      .register(fieldHints, {
        expected: "a whole number of lines, at least 1",
        mend: "Write the most lines that the work may add and remove, e.g. 120.",
      }),
    risks: listOf(z.strictObject({ risk: Text, answer: Text }), "Risks, and what lowers them."),
  })
  .describe("What a planner hands over.");

const Implementation = z
  .strictObject({
    handoff: z.literal("implementation"),
    ...COMMON,
    findings: listOf(
      z.strictObject({ number: FindingNumber, status: Status, how: Text }),
      "The findings of the last review: each one resolved or left open.",
    ).superRefine(refuseTwins),
  })
  .describe("What an implementer hands over.");

const Finding = z.strictObject({
  number: FindingNumber,
  name: Text.describe("A short name, the same in each round."),
  status: Status,
  file: RelativePath,
  line: Line,
  finding: Text,
  reproduction: Text.describe("How to see the fault."),
  fix: Text.describe("The suggested fix."),
});

const Review = z
  .strictObject({
    handoff: z.literal("review"),
    ...COMMON,
    verdict: z
      .enum(["accept", "rework"])
      .describe("Whether the work can stay as it is.")
      .register(fieldHints, {
        expected: "accept or rework",
        mend: "Write rework only if a finding has to be mended first.",
      }),
    findings: listOf(Finding, "All findings, also those of earlier rounds.").superRefine(
      refuseTwins,
    ),
  })
  .superRefine(({ verdict, findings }, context) => {
    if (verdict === "accept" || findings.some(({ status }) => status === "open")) return;
    context.addIssue({
      code: "custom",
      path: ["verdict"],
      message: "accept, because no finding is open",
      params: { mend: "Name a finding that is open, or write accept." },
    });
  })
  .describe("What a reviewer hands over.");

const Deliverable = z.strictObject({
  path: RelativePath,
  heading: Text.optional().describe("The heading in that file."),
});

const Documentation = z
  .strictObject({
    handoff: z.literal("documentation"),
    ...COMMON,
    deliverables: z
      .strictObject({
        usage: Deliverable,
        reference: Deliverable,
        examples: Deliverable,
        troubleshooting: Deliverable,
        change_note: Deliverable,
      })
      .describe("The places of the five deliverables."),
  })
  .describe("What a documenter hands over.");

/** The schemas of the handoffs, by kind. */
export const HANDOFFS = {
  plan: Plan,
  implementation: Implementation,
  review: Review,
  documentation: Documentation,
} as const satisfies Record<(typeof HANDOFF_KINDS)[number], z.ZodType>;

const Handoff = z.discriminatedUnion("handoff", [Plan, Implementation, Review, Documentation]);
export type Handoff = z.infer<typeof Handoff>;

/** The part of a handoff that says which schema the rest follows. */
export const HandoffKind = z.looseObject({
  handoff: z.enum(HANDOFF_KINDS).register(fieldHints, {
    expected: "the kind of a handoff",
    mend: `Write one of: ${HANDOFF_KINDS.join(", ")}.`,
  }),
});

/** The JSON Schema by which editors and scripts check the front matter of a handoff. */
export function handoffJsonSchema(): object {
  return z.toJSONSchema(Handoff, { io: "input" });
}

function isInOrder(lines: number | string): boolean {
  const [first = 1, last = first] = String(lines).split("-").map(Number);
  return first <= last;
}

/** The number and the name of a finding are its own, because later rounds refer to it by these. */
function refuseTwins(
  findings: readonly { readonly number: number; readonly name?: string }[],
  context: z.RefinementCtx,
): void {
  for (const [index, { number, name }] of findings.entries()) {
    const before = findings.slice(0, index);
    const addTwin = (field: string) => {
      context.addIssue({
        code: "custom",
        path: [index, field],
        message: `a ${field} that no other finding has`,
        params: { mend: `Give each finding its own ${field}.` },
      });
    };
    if (before.some((other) => other.number === number)) addTwin("number");
    if (name !== undefined && before.some((other) => other.name === name)) addTwin("name");
  }
}
