import { sayMeant } from "../../../ledger/domain/nearest-name.ts";
import { isValidOutcome } from "../../../ledger/domain/outcome.ts";
import { QUALITY_RULE } from "../../../ledger/domain/quality-rule.ts";
import { latestOf } from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import type { ListedExperiment } from "../../../ledger/views/list-experiments.ts";
import { finalOf } from "../../../ledger/views/progress.ts";
import { readRegistration } from "../../../reports/evidence/registration.ts";
import { SOLO_ROLE } from "../../gateway/budgets/budget-limits.ts";
import { baseCommand, UNLIMITED } from "../../gateway/budgets/parse-budget.ts";
import { extendPlan, makePlan, replan } from "../../plan/assignment/make-plan.ts";
import type { MatchedSet, Plan } from "../../plan/assignment/plan.ts";
import { differencesOf } from "../../plan/assignment/question-differences.ts";
import type { Configuration } from "../../plan/config/configuration.ts";
import {
  type ConfigurationOptions,
  loadConfiguration,
} from "../../plan/config/load-configuration.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { placeOf } from "../../platform/yaml/read-yaml-file.ts";
import { loadTaskBank, TaskUnknownError } from "../../tasks/bank/load-task-bank.ts";
import { isFolder } from "../../tasks/bank/read-task-folder.ts";
import type { CommitPlaces } from "../../tasks/bank/read-task.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { isMissingGrade } from "./ungraded-attempts.ts";

/** An experiment as its configuration describes it; nothing is written or started yet. */
export interface Experiment {
  readonly configuration: Configuration;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly plan: Plan;
  /** Missing windows whose kept work is graded once more. */
  readonly gradeAgain?: ReadonlySet<string>;
}

/**
 * Reads the configuration and the task bank and draws the plan. Writes nothing.
 * @param places - Repositories with the commits of tasks, instead of those that the tasks name.
 */
export function prepareExperiment(
  options: ConfigurationOptions,
  environment: Environment,
  places?: CommitPlaces,
): Experiment {
  const configuration = loadConfiguration(options, environment);
  const tasks = loadTasks(configuration, places);
  const plan = makePlan(configuration, tasks);
  refuseIdleBudgets(configuration, plan);
  return { configuration, tasks: new Map(tasks.map((task) => [task.id, task])), plan };
}

/** A budget for an unknown command or role is a typing error, and would limit nothing. */
function refuseIdleBudgets({ budgets, providers }: Configuration, { sets }: Plan): void {
  const solo = providers.filter(({ workflow }) => workflow === "solo").map(({ id }) => id);
  const windows = sets
    .flatMap((set) => set.windows)
    .filter(({ provider }) => solo.includes(provider));
  const roles = providers.flatMap(({ workflow }) => (workflow === "solo" ? [] : workflow.roles));
  const commands = [...windows, ...roles].map(({ command }) => baseCommand(command));
  const names = [...(solo.length === 0 ? [] : [SOLO_ROLE]), ...roles.map(({ name }) => name)];
  const known = { command: new Set(commands), role: new Set(names) };
  const whose = {
    command: "for an unknown command. Known commands",
    role: "for an unknown role. Known roles",
  };
  for (const { scope, name, limit, origin, givenBy } of [...budgets.limits, ...budgets.unlimited]) {
    if ((scope !== "command" && scope !== "role") || known[scope].has(name)) continue;
    const place = givenBy.startsWith("--") ? givenBy : origin;
    throw new ConfigurationError(
      `${place}: the budget "${name}=${String(limit ?? UNLIMITED)}" is ${whose[scope]}: ${[...known[scope]].join(", ")}.${sayMeant(name, [...known[scope]])} Write one of them, or leave the budget out.`,
    );
  }
}

/**
 * The tasks that a configuration names.
 * @throws ConfigurationError naming the line of the configuration that names a bank or a task
 * which is not there; ConfigurationError naming the line of a task's own file.
 */
function loadTasks(
  { file, bank, include }: Configuration,
  places: CommitPlaces | undefined,
): readonly Task[] {
  if (file === null) return loadTaskBank(bank, include, places);
  if (!isFolder(bank)) {
    const place = placeOf(file, ["tasks", "bank"]);
    throw new ConfigurationError(
      `${place}: expected "tasks.bank" to be a folder of tasks, got ${JSON.stringify(bank)}, which is not a folder. Write a path relative to this file.`,
    );
  }
  try {
    return loadTaskBank(bank, include, places);
  } catch (error) {
    if (!(error instanceof TaskUnknownError)) throw error;
    const place = placeOf(file, ["tasks", "include", include.indexOf(error.pattern)]);
    throw new ConfigurationError(
      `${place}: expected "tasks.include" to name tasks of ${bank}, got ${JSON.stringify(error.pattern)}.${sayMeant(error.pattern, error.known)} Known tasks: ${error.known.join(", ") || "none"}. Correct the name, or add the task's folder.`,
      { cause: error },
    );
  }
}

/**
 * The experiment that a ledger holds, with the tasks of the bank that came since.
 * @throws ConfigurationError where the ledger does not hold it, or more than tasks were added.
 */
export function extendExperiment(experiment: Experiment, view: ExperimentView): Experiment {
  const registered = latestOf(view.registrations.values());
  if (registered === undefined) {
    throw new ConfigurationError(
      `--extend ${view.experimentId}: expected an experiment of this ledger, got another id. "experiment preview" shows the latest one's.`,
    );
  }
  const former = sayFormerQuality(view.experimentId, registered.registration);
  if (former !== null) throw new ConfigurationError(`--extend: ${former}`);
  const { configuration, tasks } = experiment;
  const plan = extendPlan(registered.registration, configuration, [...tasks.values()]);
  return { ...experiment, plan };
}

/**
 * Refuses to begin an experiment if the user wanted to continue one.
 * @param option - The option that asked to continue.
 * @throws ConfigurationError naming each experiment of the ledger, and what differs from it.
 */
export function refuseNewExperiment(
  { plan }: Experiment,
  listed: readonly ListedExperiment[],
  option: string,
): void {
  if (listed.some((one) => one.experimentId === plan.experimentId)) return;
  const ways = listed.map(({ experimentId, registered }) => {
    const { registration } = registered;
    const former = sayFormerQuality(experimentId, registration);
    if (former !== null) return former;
    const fields = differencesOf(registration, plan.registration).map(({ field }) => field);
    const changes = fields.join(", ");
    // An extended experiment has the tasks of today's bank, and keeps its first id.
    const way = changes === "" ? `add --extend ${experimentId}` : `undo the change of ${changes}`;
    return `To continue ${experimentId}: ${way}.`;
  });
  const got = listed.length === 0 ? "a ledger without one" : `another one (${plan.experimentId})`;
  throw new ConfigurationError(
    [
      `${option}: expected an experiment of this ledger, got ${got}.`,
      ...ways,
      `To begin a new experiment, leave ${option} out.`,
    ].join(" "),
  );
}

/** Windows of both rules in one experiment could not be compared. null: it began under this one. */
function sayFormerQuality(experimentId: string, registration: unknown): string | null {
  if (readRegistration(registration).analysis.quality === QUALITY_RULE) return null;
  return `${experimentId} began when quality was the share of all scenarios, and now it is the mean of the visible and the held-out share. Finish it with the version that began it, or begin a new experiment.`;
}

/** The begun experiment with the schedule that the ledger has. */
export function continueExperiment(experiment: Experiment, view: ExperimentView): Experiment {
  const registered = latestOf(view.registrations.values());
  if (registered === undefined) return experiment;
  return { ...experiment, plan: replan(registered.registration, () => false) };
}

/**
 * Grades the kept work of missing windows once more, without their agents, where that completes a matched
 * set. Each other task without a complete set gets another place, once all windows of its places are final.
 * @param folder - With a store, kept work is on the machines of its workers, so that nothing is graded again.
 */
export function retryMissing(
  experiment: Experiment,
  view: ExperimentView,
  { store }: Pick<DataFolder, "store">,
): Experiment {
  const { sets, registration } = experiment.plan;
  const lacking = [...Map.groupBy(sets, ({ featureId }) => featureId).values()]
    .filter((places) => places.every((set) => finalsOf(set).every((final) => final !== undefined)))
    .filter((places) => places.every((set) => missingOf(set).length > 0));
  const gradable = lacking
    .flat()
    .filter(
      (set) => store === null && missingOf(set).every((window) => isMissingGrade(view, window)),
    );
  const again = lacking
    .filter((places) => !places.some((set) => gradable.includes(set)))
    .flatMap((places) => places.slice(-1).map(({ windows }) => windows[0]?.window));
  const plan = replan(registration, ({ windows }) => again.includes(windows[0]?.window));
  return { ...experiment, plan, gradeAgain: new Set(gradable.flatMap(missingOf)) };

  function finalsOf({ windows }: MatchedSet) {
    return windows.map(({ window }) => finalOf(view, window));
  }

  function missingOf(set: MatchedSet): readonly string[] {
    return finalsOf(set).flatMap((final) =>
      final === undefined || isValidOutcome(final.outcome) ? [] : [final.window],
    );
  }
}
