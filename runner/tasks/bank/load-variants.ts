import { existsSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { fieldHints } from "../../platform/yaml/field-hints.ts";
import { readYamlFile } from "../../platform/yaml/read-yaml-file.ts";
import { isFolder } from "./read-task-folder.ts";
import type { Task } from "./task.ts";

/** A finished solution of a task, right or wrong in a known way. The scripted model writes its files. */
export interface Variant {
  readonly name: string;
  /** Absolute path. Its files are laid out as in the workspace. */
  readonly folder: string;
  /** Exact names of the scenarios, visible and held-out, that fail with it. */
  readonly fails: readonly string[];
}

/** A mutant of the solution that is not a fault, so that no scenario has to notice it. */
export type Equivalent = z.infer<typeof Equivalent>;
const Equivalent = z
  .strictObject({
    at: z.string(),
    from: z.string(),
    to: z.string(),
    reason: z.string().min(1).register(fieldHints, {
      expected: "a sentence",
      mend: "Say why the changed code does what the task asks.",
    }),
  })
  .readonly();

const VariantsFile = z
  .strictObject({
    variants: z
      .array(
        z
          .strictObject({
            name: z
              .string()
              .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u)
              .register(fieldHints, {
                expected: "lower-case words joined by hyphens",
                mend: "Write the name of the variant's folder, e.g. no-recency.",
              }),
            fails: z.array(z.string().min(1)).register(fieldHints, {
              expected: "a list of scenario names",
              mend: "List the names of the scenarios that fail, exactly as the features have them.",
            }),
          })
          .readonly(),
      )
      .register(fieldHints, {
        expected: "a list of variants",
        mend: "Write one as - { name: no-recency, fails: [a scenario's name] }.",
      }),
    equivalents: z
      .array(Equivalent)
      .register(fieldHints, {
        expected: "a list of mutants",
        mend: 'Copy "at", "from" and "to" from what "task check --mutants" prints, and add a reason.',
      })
      .default([]),
  })
  .readonly();

/** Returns the solution, which fails nothing, and then the variants in the order of `variants.yaml`. */
export function loadVariants(task: Task): readonly Variant[] {
  const solution = { name: "solution", folder: path.join(task.folder, "solution"), fails: [] };
  const folder = path.join(task.folder, "variants");
  const file = path.join(folder, "variants.yaml");
  if (!existsSync(file)) return [solution];
  const { variants } = readYamlFile(file, VariantsFile);
  return [
    solution,
    ...variants.map(({ name, fails }) => ({ name, folder: folderOf(file, name), fails })),
  ];
}

/** The mutants of the solution that `variants.yaml` names as no fault. */
export function loadEquivalents(task: Task): readonly Equivalent[] {
  const file = path.join(task.folder, "variants", "variants.yaml");
  return existsSync(file) ? readYamlFile(file, VariantsFile).equivalents : [];
}

function folderOf(file: string, name: string): string {
  const folder = path.join(path.dirname(file), name);
  if (isFolder(folder)) return folder;
  throw new ConfigurationError(
    `${file}:1: expected the variant "${name}" to have a folder next to this file, got nothing. ` +
      "Put its files there, or take it off the list.",
  );
}
