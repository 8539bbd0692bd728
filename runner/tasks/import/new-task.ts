import path from "node:path";

import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { readTrees } from "./commit-tree.ts";
import { openRepository, resolveCommit } from "./git-history.ts";
import { protectedPaths } from "./protected-paths.ts";
import { TEST_RUNNERS, findRunner, sorterOf } from "./runners/find-runner.ts";
import { commandScaffold } from "./scaffold-command.ts";
import { gherkinScaffold } from "./scaffold-gherkin.ts";
import { installFor } from "./task-text.ts";

/** The files of a new task. One that a command grades starts from the latest commit of the repository here. */
export async function newTask(
  { id, from, folder }: { id: string; from: "gherkin" | "command"; folder: string },
  environment: Environment,
): Promise<Readonly<Record<string, string>>> {
  if (from === "gherkin") return gherkinScaffold(id);
  const repository = openRepository(environment.cwd);
  const commit = await resolveCommit(repository, "HEAD", environment);
  const { tree, parentFiles } = await readTrees(
    repository,
    { commit, parent: commit, path: "" },
    environment,
  );
  const runner = findRunner(tree);
  if (runner === undefined) {
    const known = TEST_RUNNERS.map(({ name }) => name).join(", ");
    throw new ConfigurationError(
      `${repository.folder}: expected a project whose tests run with one of ${known}, got none. ` +
        "Write task.yaml yourself, as docs/reference/tasks.md shows.",
    );
  }
  const partOf = sorterOf(runner);
  return commandScaffold({
    id,
    title: "Say in one line what is built",
    language: runner.language(tree),
    size: "small",
    repo: path.relative(folder, repository.folder),
    parent: commit,
    source: undefined,
    path: "",
    setup: installFor(runner.setup(tree), environment),
    ...runner.command(tree),
    protect: protectedPaths({
      files: parentFiles,
      settings: runner.settings,
      isOfTests: (file) => partOf(file) !== "solution",
      changed: [],
    }),
  });
}
