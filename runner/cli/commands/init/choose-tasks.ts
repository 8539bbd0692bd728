import { existsSync } from "node:fs";
import path from "node:path";

import { CounterbalanceError } from "../../../../ledger/domain/errors.ts";
import { countNoun } from "../../../../reports/text/number-text.ts";
import { repositoryAround } from "../../../agents/sandbox/wrap-agent.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { packageFolder } from "../../../platform/environment/package-folder.ts";
import { loadTaskBank } from "../../../tasks/bank/load-task-bank.ts";
import { type ImportResult, importTasks } from "../../../tasks/import/import-tasks.ts";
import { InitInterruptedError, type Questions } from "./questions.ts";

const OWN_BANK = "task-bank";
const BUILTIN = "builtin";
const COMMITS_MAX = 40;
/** Enough for a first report. More come by "experiment task import". */
const TASKS_ENOUGH = 5;

/** The bank of a first experiment. */
interface ChosenTasks {
  /** As the configuration names it. */
  readonly bank: string;
  /** The most tokens of each task. */
  readonly tokensMax: readonly number[];
  readonly said: readonly string[];
}

/** The bank in the configuration's folder, or tasks from the last commits, or else the built-in bank. */
export async function chooseTasks(
  folder: string,
  environment: Environment,
  questions: Questions,
): Promise<ChosenTasks> {
  const bank = path.join(folder, OWN_BANK);
  if (existsSync(bank)) return chosen(OWN_BANK, bank, []);
  const repository = repositoryAround(folder);
  const hasRepository = existsSync(path.join(repository, ".git"));
  const message = `Make up to ${String(TASKS_ENOUGH)} tasks from the last commits of ${repository}? Their tests run several times.`;
  const isWanted = hasRepository && (await questions.confirm(message, true));
  const said = isWanted ? await importFrom(repository, folder, environment) : [];
  if (existsSync(bank)) return chosen(OWN_BANK, bank, said);
  return chosen(BUILTIN, path.join(packageFolder(), "task-bank"), said);
}

function chosen(name: string, folder: string, said: readonly string[]): ChosenTasks {
  const tasks = loadTaskBank(folder, ["*"]);
  const where = name === BUILTIN ? "the built-in bank" : name;
  return {
    bank: name,
    tokensMax: tasks.map(({ tokensMax }) => tokensMax),
    said: [...said, `Tasks: ${String(tasks.length)} of ${where}`],
  };
}

/** Says what came of it. If no commit makes a task, the folder of the bank does not exist afterwards. */
async function importFrom(
  repository: string,
  folder: string,
  environment: Environment,
): Promise<readonly string[]> {
  const within = path.relative(repository, folder);
  const interrupt = new AbortController();
  const close = environment.onInterrupt(() => interrupt.abort());
  try {
    const result = await importTasks(
      {
        repo: repository,
        bank: path.join(folder, OWN_BANK),
        path: within === "" ? undefined : within,
        limit: COMMITS_MAX,
        enough: TASKS_ENOUGH,
      },
      {
        environment,
        signal: interrupt.signal,
        onProgress: (line) => environment.stderr.write(`${line}\n`),
      },
    );
    if (result.isInterrupted) throw interrupted(result);
    return describeImport(result);
  } catch (error) {
    if (!(error instanceof CounterbalanceError) || error instanceof InitInterruptedError)
      throw error;
    return [`No tasks were made from commits: ${error.message}`];
  } finally {
    close();
  }
}

/** Proven tasks took time, so they stay. */
function interrupted({ commits }: ImportResult): InitInterruptedError {
  const count = commits.filter(({ status }) => status === "kept").length;
  if (count === 0) return new InitInterruptedError();
  return new InitInterruptedError(
    `Interrupted; no experiment file was written. ${countNoun(count, "finished task")} stayed in ${OWN_BANK}. ` +
      "Make more of them with experiment task import; experiment init then takes them all.",
  );
}

function describeImport({ commits }: ImportResult): readonly string[] {
  const kept = commits.filter(({ status }) => status === "kept");
  const runner = kept[0]?.runner;
  if (runner !== undefined) {
    return [`Tests of this repository: ${runner}`];
  }
  const [first] = commits;
  const why = first?.why === undefined ? "" : `; the newest: ${first.why}`;
  return [`No task was made from ${countNoun(commits.length, "commit")}${why}`];
}
