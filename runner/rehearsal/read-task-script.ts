import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from "@cucumber/gherkin";
import { type GherkinDocument, IdGenerator } from "@cucumber/messages";

import type { Variant } from "../tasks/bank/load-variants.ts";
import type { GherkinTask } from "../tasks/bank/task.ts";
import type { TaskScript, TaskVariant } from "./task-script.ts";

/** Reads a task's scenarios and ready solutions for the scripted model. */
export function readTaskScript(task: GherkinTask, variants: readonly Variant[]): TaskScript {
  const visible = parseFeature(task.featureText);
  const heldOut = task.acceptancePaths
    .flatMap((path) => listFiles(join(task.folder, path)))
    .filter((file) => file.endsWith(".feature"))
    .map((file) => parseFeature(readFileSync(file, "utf8")));
  return {
    featureId: task.id,
    title: visible.feature?.name ?? task.title,
    scenarios: [...new Set([visible, ...heldOut].flatMap((document) => scenarioNames(document)))],
    variants: variants.map(({ name, folder, fails }) => ({
      name,
      fails,
      files: readFiles(folder),
    })),
  };
}

function parseFeature(text: string): GherkinDocument {
  const builder = new AstBuilder(IdGenerator.incrementing());
  return new Parser(builder, new GherkinClassicTokenMatcher()).parse(text);
}

/** Every row of an outline is a scenario. Rows of the same name count once, as in the variants. */
function scenarioNames(document: GherkinDocument): readonly string[] {
  return compile(document, "", IdGenerator.incrementing()).map((pickle) => pickle.name);
}

function readFiles(folder: string): TaskVariant["files"] {
  const files = listFiles(folder).map((file) => {
    const path = relative(folder, file).replaceAll(sep, "/");
    return [path, readFileSync(file, "utf8")] as const;
  });
  return Object.fromEntries(files);
}

/** Every file below a folder, ordered by name, so that every machine plays the same. */
function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
