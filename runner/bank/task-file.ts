import { z } from "zod";

import { TaskNetwork } from "../proxy/network/network-file.ts";
import { fieldHints } from "../yaml/field-hints.ts";

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

/** `task.yaml`: the facts of a task that are not in its feature. Paths are relative. */
export const TaskFile = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u)
      .register(fieldHints, {
        expected: "lower-case words joined by hyphens",
        mend: "Write the name of the task's folder, e.g. lru-cache.",
      }),
    title: oneLine().register(fieldHints, {
      expected: ONE_LINE,
      mend: "Write one line that says what is built.",
    }),
    language: z.enum(["typescript", "javascript"]).register(fieldHints, {
      expected: "typescript or javascript",
      mend: "Write the language of the solution's modules.",
    }),
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
    family: z
      .string()
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u)
      .optional()
      .register(fieldHints, {
        expected: "lower-case words joined by hyphens",
        mend: "Write one name for tasks that share code or difficulty, or leave it out.",
      }),
    solution: z
      .array(
        relativePath().register(fieldHints, {
          expected: "a relative path inside the workspace",
          mend: "Write it without a leading slash and without .., e.g. src/.",
        }),
      )
      .min(1)
      .register(fieldHints, {
        expected: "a list of paths",
        mend: "List the only paths that are graded, e.g. [src/].",
      }),
    acceptance: z
      .strictObject({
        kind: z.literal("cucumber").register(fieldHints, {
          expected: "cucumber",
          mend: "Write cucumber. No other kind of suite is supported.",
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
  })
  .readonly()
  .register(fieldHints, {
    expected: "a map of fields",
    mend: "Write one field a line, e.g. id: lru-cache.",
  });

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
