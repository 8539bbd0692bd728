import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

import { ConfigurationError } from "../configuration-error.ts";
import { CONFIGURATION_BYTES_MAX } from "../yaml/read-yaml-file.ts";
import { parseYamlFile } from "../yaml/yaml-faults.ts";
import { parseWithLines } from "../yaml/yaml-position.ts";
import { digestFolder, isFolder, listFolderFiles } from "./read-task-folder.ts";
import { solutionModule } from "./solution-module.ts";
import { TaskFile } from "./task-file.ts";
import type { Task } from "./task.ts";

/** Some CLIs get the feature as an argument, which may have 128 KiB on Linux. */
const FEATURE_BYTES_MAX = 100_000;

/** Reads one task from its folder. @throws ConfigurationError that says what is missing. */
export function readTask(folder: string): Task {
  const file = path.join(folder, "task.yaml");
  const text = readPart(file, {
    bytesMax: CONFIGURATION_BYTES_MAX,
    mend: "Write it as docs/reference/tasks.md shows.",
  });
  const facts = parseYamlFile(file, text, TaskFile);
  const { id, title, language, stratum, size, difficulty, family } = facts;
  assertNamedAsFolder(file, id);
  const featureFile = path.join(folder, "feature.feature");
  const task: Task = {
    id,
    title,
    language,
    stratum,
    size,
    difficulty,
    family,
    folder: path.resolve(folder),
    featureText: readPart(featureFile, {
      bytesMax: FEATURE_BYTES_MAX,
      mend: "Write the specification there, in Gherkin.",
    }),
    solutionPaths: facts.solution,
    acceptancePaths: facts.acceptance.paths,
    timeoutS: facts.timeout_s,
    tokensMax: facts.tokens_max,
    isDeterministic: facts.deterministic,
    allowedHosts: facts.network?.allow,
    digest: digestFolder(folder),
  };
  assertHasWorkspace(folder);
  for (const acceptancePath of facts.acceptance.paths) assertHasSuite(folder, acceptancePath);
  solutionModule(task);
  return task;
}

function readPart(
  file: string,
  { bytesMax, mend }: { readonly bytesMax: number; readonly mend: string },
): string {
  if (!existsSync(file)) {
    throw new ConfigurationError(
      `${file}:1: expected "${path.basename(file)}" to be a file, got nothing. ${mend}`,
    );
  }
  refuseSize(file, bytesMax);
  return readFileSync(file, "utf8");
}

function refuseSize(file: string, bytesMax: number): void {
  const { size } = statSync(file);
  if (size <= bytesMax) return;
  throw new ConfigurationError(
    `${file}:1: expected at most ${String(bytesMax)} bytes, got ${String(size)}. Shorten it.`,
  );
}

function assertNamedAsFolder(file: string, id: string): void {
  const folderName = path.basename(path.dirname(path.resolve(file)));
  if (id === folderName) return;
  throw new ConfigurationError(
    `${file}:${lineOf(file, "id")}: expected "id" to be the folder's name "${folderName}", got "${id}". ` +
      "Write the folder's name, or rename the folder.",
  );
}

function assertHasWorkspace(folder: string): void {
  const workspace = path.join(folder, "workspace");
  if (isFolder(workspace)) return;
  throw new ConfigurationError(
    `${workspace}:1: expected "workspace" to be a folder, got nothing. Put the files there that the agent starts from.`,
  );
}

function assertHasSuite(folder: string, acceptancePath: string): void {
  const suite = path.join(folder, acceptancePath);
  const files = isFolder(suite) ? listFolderFiles(suite) : [];
  for (const { relativePath, absolutePath } of files) {
    if (relativePath.endsWith(".feature")) refuseSize(absolutePath, CONFIGURATION_BYTES_MAX);
  }
  if (files.some(({ relativePath }) => relativePath.endsWith(".steps.mjs"))) return;
  const file = path.join(folder, "task.yaml");
  throw new ConfigurationError(
    `${file}:${lineOf(file, "acceptance")}: the task has no acceptance suite: ` +
      `expected "${acceptancePath}" to hold step definitions (*.steps.mjs), got ${files.length === 0 ? "nothing" : "none"}. ` +
      "Write them as docs/reference/tasks.md shows.",
  );
}

function lineOf(file: string, field: string): number {
  return parseWithLines(readFileSync(file, "utf8")).lineOf([field]);
}
