import { z } from "zod";

import { fieldHints } from "../../platform/yaml/field-hints.ts";

/** The APIs that a command may speak. */
const DIALECTS = ["anthropic", "openai", "gemini"] as const;
export type CommandDialect = (typeof DIALECTS)[number];

/** The names that may be in braces in the words of a command and in its variables. */
const PLACEHOLDERS = [
  "prompt",
  "prompt_file",
  "model",
  "anthropic_base_url",
  "openai_base_url",
  "gemini_base_url",
  "key",
  "home",
  "folder",
] as const;
type Placeholder = (typeof PLACEHOLDERS)[number];
/** The values of placeholders. One without a value stays in the text. */
export type PlaceholderValues = Readonly<Partial<Record<Placeholder, string>>>;

/** A name in braces, or two braces, which stand for one. */
const BRACED = /\{\{|\{(?<name>[a-z_]+)\}/gu;

/** Puts values in the place of their names. Two opening braces stand for one. */
export function fillIn(text: string, values: PlaceholderValues): string {
  const known: Readonly<Record<string, string | undefined>> = values;
  return text.replaceAll(BRACED, (written: string, name?: string) =>
    name === undefined ? "{" : (known[name] ?? written),
  );
}

function unknownNames(text: string): readonly string[] {
  const known: readonly string[] = PLACEHOLDERS;
  return [...text.matchAll(BRACED)].flatMap(({ groups }) => {
    const name = groups?.["name"];
    return name === undefined || known.includes(name) ? [] : [name];
  });
}

const NAMES = PLACEHOLDERS.map((name) => `{${name}}`).join(", ");

const Text = z
  .string()
  .superRefine((text, context) => {
    for (const name of unknownNames(text)) {
      context.addIssue({
        code: "custom",
        message: "a text with known names in braces",
        params: { got: `{${name}}`, mend: `Write one of: ${NAMES}; or {{ for a brace.` },
      });
    }
  })
  .register(fieldHints, {
    expected: "a text",
    mend: `Write a text in quotes. These names stand for values: ${NAMES}.`,
  });

const Line = z.array(Text).min(1);

/** The command that starts an agent of your own. */
export const CommandWords = Line.register(fieldHints, {
  expected: "a program with its arguments, as a list",
  mend: 'Write e.g. [python3, "{folder}/agent.py", --model, "{model}", --task, "{prompt_file}"].',
});

const FieldPath = z
  .string()
  .regex(/^[^.]+(?:\.[^.]+)*$/)
  .register(fieldHints, {
    expected: "the names that lead to a field, with dots between them",
    mend: "Write e.g. usage.input_tokens.",
  });

const OwnUsage = z
  .strictObject({
    file: z
      .string()
      .regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$)).+$/)
      .optional()
      .describe(
        "A JSON file below the agent's home (default: the last line of its output that is JSON with these fields).",
      )
      .register(fieldHints, {
        expected: "a file below the agent's home",
        mend: 'Write e.g. usage.json, and let the program write it to "{home}/usage.json".',
      }),
    input: FieldPath.describe("The field with the input tokens."),
    output: FieldPath.describe("The field with the output tokens."),
    cache_read: FieldPath.optional().describe("The field with the tokens read from a cache."),
    cache_write: FieldPath.optional().describe("The field with the tokens written to a cache."),
    reasoning: FieldPath.optional().describe("The field with the reasoning tokens."),
    cost_usd: FieldPath.optional().describe("The field with the cost in dollars."),
    input_includes_cache: z
      .boolean()
      .default(false)
      .describe("Whether its input tokens include those of the cache."),
    output_includes_reasoning: z
      .boolean()
      .default(true)
      .describe("Whether its output tokens include the reasoning."),
  })
  .register(fieldHints, {
    expected: "a map with the paths of fields",
    mend: "Write e.g. { input: usage.input_tokens, output: usage.output_tokens }.",
  });
export type OwnUsage = z.infer<typeof OwnUsage>;

/** What the harness has to know about an agent of your own besides its command. */
export const CommandAgentFile = z
  .strictObject({
    dialects: z
      .array(z.enum(DIALECTS))
      .min(1)
      .default(["anthropic"])
      .describe(
        "The APIs that it speaks; the first one decides on its upstream. Each gives it the usual variables for address and key.",
      )
      .register(fieldHints, {
        expected: "a list of anthropic, openai and gemini",
        mend: "Write e.g. [openai].",
      }),
    env: z
      .record(z.string().regex(/^[A-Za-z_]\w*$/), Text)
      .default({})
      .describe("Further variables of its environment. Never write a key of your own here.")
      .register(fieldHints, {
        expected: "a map of variables",
        mend: 'Write e.g. { LLM_URL: "{openai_base_url}", LLM_KEY: "{key}" }.',
      }),
    readable: z
      .array(z.string().min(1))
      .default([])
      .describe(
        "Files and folders that it needs in the sandbox, relative to this file. Words with `{folder}` are included.",
      )
      .register(fieldHints, {
        expected: "a list of files and folders",
        mend: "Write e.g. [agent, /opt/agent].",
      }),
    version: Line.optional()
      .describe(
        "The command that prints its version (default: a hash of its files in the first word and the words with `{folder}`).",
      )
      .register(fieldHints, {
        expected: "a program with its arguments, as a list",
        mend: 'Write e.g. [python3, "{folder}/agent.py", --version].',
      }),
    usage: OwnUsage.optional().describe(
      "How to read the tokens that it counts itself. They are shown next to the proxy's count.",
    ),
  })
  .register(fieldHints, {
    expected: "a map of dialects, env, readable, version and usage",
    mend: "Write e.g. { dialects: [openai] }.",
  });

type CommandAgentFile = z.infer<typeof CommandAgentFile>;

/** An agent of the user's own, with every default filled in. */
export interface CommandAgent extends CommandAgentFile {
  readonly words: readonly string[];
  /** The absolute path of the folder of `experiment.yaml`. */
  readonly folder: string;
}

/**
 * The agent of a provider whose program the file names; undefined for every other driver.
 * @param folder the folder of the file, which the program is relative to.
 */
export function commandOf(
  {
    command: words,
    agent = CommandAgentFile.parse({}),
  }: {
    readonly command?: readonly string[] | undefined;
    readonly agent?: CommandAgentFile | undefined;
  },
  folder: string,
): CommandAgent | undefined {
  return words === undefined ? undefined : { ...agent, words, folder };
}
