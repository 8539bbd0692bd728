import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { CONFIGURATION_BYTES_MAX, placeOf } from "../../platform/yaml/read-yaml-file.ts";
import { parseYamlFile } from "../../platform/yaml/yaml-faults.ts";
import { parseWithLines } from "../../platform/yaml/yaml-position.ts";
import { digestFolder, isFolder, listFolderFiles } from "./read-task-folder.ts";
import { solutionModule } from "./solution-module.ts";
import { CommandTaskFile, GherkinTaskFile } from "./task-file.ts";
import type { CommandTask, GherkinTask, ResultsSource, SetupPlan, Task } from "./task.ts";

/** Some CLIs get the statement as an argument, which may have 128 KiB on Linux. */
const FEATURE_BYTES_MAX = 100_000;

/** Absolute paths of repositories, by the full hash of a commit that they have. */
export type CommitPlaces = ReadonlyMap<string, string>;

/**
 * Reads one task from its folder.
 * @param places - Repositories to take instead of those that the file names.
 * @throws ConfigurationError that says what is missing.
 */
export function readTask(folder: string, places?: CommitPlaces): Task {
  const file = path.join(folder, "task.yaml");
  const text = readPart(file, {
    bytesMax: CONFIGURATION_BYTES_MAX,
    mend: "Write it as docs/reference/tasks.md shows.",
  });
  const own = path.resolve(folder);
  if (!isOfCommandKind(text)) return readGherkinTask(own, file, text);
  return readCommandTask(own, { file, text, places });
}

const AcceptanceKind = z.looseObject({
  acceptance: z.looseObject({ kind: z.literal("command") }),
});

/** The kind of acceptance decides which fields the rest of the file has. */
function isOfCommandKind(text: string): boolean {
  try {
    return AcceptanceKind.safeParse(parseWithLines(text).document.toJS()).success;
  } catch {
    // Reading the file by its schema says what is wrong.
    return false;
  }
}

function readGherkinTask(folder: string, file: string, text: string): GherkinTask {
  const facts = parseYamlFile(file, text, GherkinTaskFile);
  assertNamedAsFolder(file, facts.id);
  const task: GherkinTask = {
    kind: "gherkin",
    ...commonFacts(facts, folder),
    featureText: readPart(path.join(path.dirname(file), "feature.feature"), {
      bytesMax: FEATURE_BYTES_MAX,
      mend: "Write the specification there, in Gherkin.",
    }),
    solutionPaths: facts.solution,
    acceptancePaths: facts.acceptance.paths,
  };
  assertHasWorkspace(path.dirname(file));
  for (const acceptancePath of facts.acceptance.paths) {
    assertHasSuite(path.dirname(file), acceptancePath);
  }
  solutionModule(task);
  return task;
}

interface TaskText {
  readonly file: string;
  readonly text: string;
  readonly places: CommitPlaces | undefined;
}

function readCommandTask(folder: string, { file, text, places }: TaskText): CommandTask {
  const facts = parseYamlFile(file, text, CommandTaskFile);
  assertNamedAsFolder(file, facts.id);
  const { workspace, setup, acceptance } = facts;
  const statement = path.join(path.dirname(file), facts.statement);
  const repo = places?.get(workspace.commit) ?? path.resolve(folder, workspace.repo);
  assertHasRepository(file, repo);
  if (acceptance.overlay !== undefined) assertHasOverlay(file, acceptance.overlay);
  assertTellsApart(file, acceptance);
  return {
    kind: "command",
    ...commonFacts(facts, folder),
    statement: readPart(statement, {
      bytesMax: FEATURE_BYTES_MAX,
      mend: "Write what the agent is asked for.",
    }),
    workspace: {
      repo,
      repoName: nameOf(workspace.repo),
      commit: workspace.commit,
      path: plainPath(workspace.path),
      agentSettings: workspace.agent_settings,
    },
    setup: planSetup(setup),
    acceptance: {
      run: acceptance.run,
      results: sourceOf(acceptance.results),
      overlay: acceptance.overlay,
      protect: acceptance.protect.map(plainPath),
      failToPass: acceptance.fail_to_pass,
      passToPass: acceptance.pass_to_pass,
      canaries: acceptance.canaries,
    },
    solutionPaths: facts.solution,
  };
}

function commonFacts(
  facts: z.output<typeof GherkinTaskFile> | z.output<typeof CommandTaskFile>,
  folder: string,
) {
  const { id, title, language, stratum, size, difficulty, family } = facts;
  return {
    id,
    title,
    language,
    stratum,
    size,
    difficulty,
    family,
    folder,
    timeoutS: facts.timeout_s,
    tokensMax: facts.tokens_max,
    isDeterministic: facts.deterministic,
    allowedHosts: facts.network?.allow,
    digest: digestFolder(folder),
  };
}

function planSetup(setup: z.output<typeof CommandTaskFile>["setup"]): SetupPlan {
  if (setup === undefined) return { runs: [], variables: [], allowedHosts: [] };
  const { run, env, network } = setup;
  return { runs: listRuns(run), variables: env, allowedHosts: network?.allow ?? [] };
}

function listRuns(run: readonly string[] | readonly (readonly string[])[]): SetupPlan["runs"] {
  return run.every((part) => typeof part === "string") ? [run] : run;
}

function sourceOf(
  results: z.output<typeof CommandTaskFile>["acceptance"]["results"],
): ResultsSource {
  if (results === "exit_code") return { format: "exit_code" };
  if ("junit" in results) return { format: "junit", file: results.junit };
  if ("tap" in results) return { format: "tap", file: results.tap };
  return { format: "go_json", file: results.go_json };
}

/** Without a leading `./` and a trailing slash; empty for the folder itself. */
function plainPath(relativePath: string): string {
  const plain = path.posix.normalize(relativePath).replace(/\/+$/u, "");
  return plain === "." ? "" : plain;
}

/** A bank in the repository itself has a path of dots alone, and the folder's own name may vary. */
function nameOf(repo: string): string {
  const name = path.posix.basename(path.posix.normalize(repo));
  return name === ".." || name === "." ? "this repository" : name;
}

function assertHasRepository(file: string, repo: string): void {
  if (existsSync(path.join(repo, ".git")) || existsSync(path.join(repo, "objects"))) return;
  throw new ConfigurationError(
    `${placeOf(file, ["workspace", "repo"])}: expected "workspace.repo" to be a git repository, got ${repo}. ` +
      "Write its path relative to the task's folder, or clone the repository to this place.",
  );
}

function assertHasOverlay(file: string, overlay: string): void {
  if (isFolder(path.join(path.dirname(file), overlay))) return;
  throw new ConfigurationError(
    `${placeOf(file, ["acceptance", "overlay"])}: expected "${overlay}" to be a folder, got nothing. ` +
      "Put the hidden tests there, laid out as in the repository.",
  );
}

/** A test has one part only: what must fail can't have to pass as well. */
function assertTellsApart(
  file: string,
  acceptance: z.output<typeof CommandTaskFile>["acceptance"],
): void {
  const seen = new Set<string>();
  for (const field of ["fail_to_pass", "pass_to_pass", "canaries"] as const) {
    for (const [index, name] of acceptance[field].entries()) {
      if (seen.has(name)) {
        throw new ConfigurationError(
          `${placeOf(file, ["acceptance", field, index])}: expected each test in one list and once, got "${name}" again. Take it off one.`,
        );
      }
      seen.add(name);
    }
  }
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
