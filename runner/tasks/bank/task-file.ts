import { z } from "zod";

import { TaskNetwork } from "../../gateway/proxy/network/network-file.ts";
import { fieldHints } from "../../platform/yaml/field-hints.ts";

/** Creates a new schema each time, because a hint belongs to one schema. */
function relativePath(): z.ZodString {
  return z
    .string()
    .min(1)
    .refine((path) => isInside(path));
}

/** Controls, line ends, and marks that reverse text: a title with one could forge what a report says. */
const CONTROLS = String.raw`\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069`;
const CHARACTERS_MAX = 200;
const ONE_LINE = `one line of at most ${String(CHARACTERS_MAX)} characters, without control characters`;

function oneLine(): z.ZodString {
  return z.string().regex(new RegExp(`^[^${CONTROLS}]{1,${String(CHARACTERS_MAX)}}$`, "u"));
}

const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/u;

function list<Item extends z.ZodType>(item: Item, mend: string) {
  return z.array(item).register(fieldHints, { expected: "a list", mend });
}

/** Fields that every task has, whatever its acceptance is. */
const NAMES = {
  id: z.string().regex(ID).register(fieldHints, {
    expected: "lower-case words joined by hyphens",
    mend: "Write the name of the task's folder, e.g. lru-cache.",
  }),
  title: oneLine().register(fieldHints, {
    expected: ONE_LINE,
    mend: "Write one line that says what is built.",
  }),
};
const FACTS = {
  stratum: oneLine().register(fieldHints, {
    expected: ONE_LINE,
    mend: "Write the stratum that the task is drawn in, e.g. small.",
  }),
  size: z.enum(["small", "medium", "large"]).optional().register(fieldHints, {
    expected: "small, medium or large",
    mend: "Write how much there is to build, or leave it out.",
  }),
  difficulty: z.enum(["easy", "medium", "hard"]).optional().register(fieldHints, {
    expected: "easy, medium or hard",
    mend: "Write how hard it is, or leave it out.",
  }),
  family: z.string().regex(ID).optional().register(fieldHints, {
    expected: "lower-case words joined by hyphens",
    mend: "Write one name for tasks that share code or difficulty, or leave it out.",
  }),
};

const LIMITS = {
  timeout_s: z.int().positive().register(fieldHints, {
    expected: "a positive integer",
    mend: "Write seconds, e.g. 600.",
  }),
  tokens_max: z.int().positive().register(fieldHints, {
    expected: "a positive integer",
    mend: "Write tokens, e.g. 120000.",
  }),
  deterministic: z.boolean().register(fieldHints, {
    expected: "true or false",
    mend: "Write true if the same solution always gets the same grade.",
  }),
  network: TaskNetwork.optional(),
};

function solutionPaths() {
  const solutionPath = relativePath().register(fieldHints, {
    expected: "a relative path inside the workspace",
    mend: "Write it without a leading slash and without .., e.g. src/.",
  });
  return z.array(solutionPath).min(1);
}

const THE_FILE = {
  expected: "a map of fields",
  mend: "Write one field a line, e.g. id: lru-cache.",
};

/** `task.yaml` of a task in Gherkin. Paths are relative. */
export const GherkinTaskFile = z
  .strictObject({
    ...NAMES,
    language: z.enum(["typescript", "javascript"]).register(fieldHints, {
      expected: "typescript or javascript",
      mend: "Write the language of the solution's modules.",
    }),
    ...FACTS,
    solution: solutionPaths().register(fieldHints, {
      expected: "a list of paths",
      mend: "List the only paths that are graded, e.g. [src/].",
    }),
    acceptance: z
      .strictObject({
        kind: z.literal("cucumber").register(fieldHints, {
          expected: "cucumber or command",
          mend: "Write cucumber for scenarios in Gherkin, or command for a repository's own tests.",
        }),
        paths: z
          .array(
            relativePath().register(fieldHints, {
              expected: "a relative path inside the task's folder",
              mend: "Write it without a leading slash and without .., e.g. acceptance/.",
            }),
          )
          .min(1)
          .register(fieldHints, {
            expected: "a list of folders",
            mend: "List the folders of the acceptance suite, e.g. [acceptance/].",
          }),
      })
      .register(fieldHints, {
        expected: "a map of kind and paths",
        mend: "Write { kind: cucumber, paths: [acceptance/] }.",
      }),
    ...LIMITS,
  })
  .readonly()
  .register(fieldHints, THE_FILE);

function commandLine(mend: string) {
  return z
    .array(z.string().min(1).max(TEXT_MAX))
    .min(1)
    .max(LIST_MAX)
    .register(fieldHints, { expected: "a program and its arguments, as a list", mend });
}

const TEXT_MAX = 10_000;
const LIST_MAX = 10_000;
const NAME_OF_VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/u;

function repositoryPaths(mend: string) {
  const one = relativePath().register(fieldHints, {
    expected: "a relative path inside the repository",
    mend: "Write it without a leading slash and without .., e.g. tests/.",
  });
  return list(one, mend).max(LIST_MAX);
}

function testNames() {
  const name = z.string().min(1).max(TEXT_MAX).register(fieldHints, {
    expected: "the name of a test",
    mend: "Copy it from what `experiment task check` prints.",
  });
  return list(name, 'Write e.g. ["tests/test_parser.py :: test_line"].').max(LIST_MAX);
}

function resultsFile() {
  return relativePath().register(fieldHints, {
    expected: "a relative path inside the working folder",
    mend: "Name the file that the command writes, e.g. results.xml.",
  });
}

/** `task.yaml` of a task that a command grades. */
export const CommandTaskFile = z
  .strictObject({
    ...NAMES,
    language: oneLine().register(fieldHints, {
      expected: ONE_LINE,
      mend: "Write the language of the repository, e.g. python.",
    }),
    ...FACTS,
    workspace: z
      .strictObject({
        repo: z.string().min(1).max(TEXT_MAX).register(fieldHints, {
          expected: "the path of a git repository",
          mend: "Write it relative to the task's folder, e.g. ../../our-parser.",
        }),
        commit: z
          .string()
          .regex(/^[0-9a-f]{40}$/u)
          .register(fieldHints, {
            expected: "the full hash of a commit",
            mend: "Write what `git rev-parse COMMIT` prints, in quotes.",
          }),
        path: relativePath().default(".").register(fieldHints, {
          expected: "a folder of the repository",
          mend: "Write e.g. services/api, or leave it out.",
        }),
        agent_settings: repositoryPaths("Write e.g. [.claude/settings.json].").default([]),
      })
      .register(fieldHints, {
        expected: "a map of repo and commit",
        mend: "Write { repo: ../../our-parser, commit: HASH }.",
      }),
    setup: z
      .strictObject({
        run: z
          .union([
            commandLine("Write e.g. [npm, ci]."),
            z.array(commandLine("Write e.g. [npm, ci].")).min(1).max(LIST_MAX),
          ])
          .register(fieldHints, {
            expected: "a command, or a list of commands",
            mend: "Write e.g. [npm, ci], or [[npm, ci], [npm, run, build]].",
          }),
        env: list(
          z.string().regex(NAME_OF_VARIABLE).register(fieldHints, {
            expected: "the name of a variable",
            mend: "Write e.g. NPM_TOKEN. Its value comes from your environment.",
          }),
          "Write e.g. [NPM_TOKEN].",
        ).default([]),
        network: TaskNetwork.optional(),
      })
      .optional()
      .register(fieldHints, {
        expected: "a map of run, env and network",
        mend: "Write e.g. { run: [npm, ci], network: { allow: [packages.example.com] } }, or leave it out.",
      }),
    statement: z
      .enum(["statement.md", "feature.feature"])
      .default("statement.md")
      .register(fieldHints, {
        expected: "statement.md or feature.feature",
        mend: "Write statement.md, and put the text there that the agent gets.",
      }),
    solution: solutionPaths().optional().register(fieldHints, {
      expected: "a list of paths",
      mend: "List the paths that are graded, or leave it out, and all are.",
    }),
    acceptance: z
      .strictObject({
        kind: z.literal("command"),
        run: commandLine("Write e.g. [npm, test]."),
        results: z
          .union([
            z.literal("exit_code"),
            z.strictObject({ junit: resultsFile() }),
            z.strictObject({ tap: resultsFile() }),
            z.strictObject({ go_json: resultsFile() }),
          ])
          .register(fieldHints, {
            expected: "{ junit: FILE }, { tap: FILE }, { go_json: FILE } or exit_code",
            mend: "Write e.g. { junit: results.xml }.",
          }),
        overlay: relativePath().optional().register(fieldHints, {
          expected: "a relative path inside the task's folder",
          mend: "Write it without a leading slash and without .., e.g. hidden/.",
        }),
        protect: repositoryPaths("Write e.g. [package.json, vitest.config.ts].").default([]),
        fail_to_pass: testNames().min(1).register(fieldHints, {
          expected: "a list of at least one test",
          mend: "List the tests that fail before the change and pass after it.",
        }),
        pass_to_pass: testNames().default([]),
        canaries: testNames().default([]),
      })
      .register(fieldHints, {
        expected: "a map of kind, run and results",
        mend: "Write e.g. { kind: command, run: [npm, test], results: exit_code, fail_to_pass: [suite] }.",
      }),
    ...LIMITS,
  })
  .readonly()
  .register(fieldHints, THE_FILE);

/** Whether a path is relative and stays inside its folder. Backslashes are not separators here. */
function isInside(path: string): boolean {
  const parts = path.split("/");
  return (
    !path.startsWith("/") &&
    !path.includes("\\") &&
    !/^[a-z]:/iu.test(path) &&
    !parts.includes("..")
  );
}
