import type { Evidence } from "./evidence.ts";
import { limitFlag } from "./limit-flag.ts";
import { type RaisedLimit, raiseLimit } from "./raise-limit.ts";
import type { Settings } from "./registration.ts";

type Known = Pick<Evidence, "asked" | "registration" | "settings">;
type KnownWindows = Known & Pick<Evidence, "view" | "windows">;

/**
 * The command line that names this experiment again, with its file and every other option that was given:
 * without them it would begin another experiment, in another folder, or be refused. A spent
 * budget is raised.
 */
export function runCommand(evidence: KnownWindows): string {
  const { asked, settings } = evidence;
  const { config } = settings.paths;
  const options = [
    ...questionOptions(evidence),
    ...(config === null || CONFIGS_FOUND.includes(config) ? [] : ["--config", quote(config)]),
    ...dataOptions(settings),
    ...budgetOptions(settings, raiseLimit(evidence)),
    ...(settings.stop_when ?? []).flatMap((condition) => ["--stop-when", quote(condition)]),
    ...(isExtended(evidence) ? ["--extend", asked.experiment_id] : []),
  ];
  return ["experiment", "run", ...options].join(" ");
}

/** The command line that adds tasks to this experiment. */
export function extendCommand(evidence: KnownWindows): string {
  const run = runCommand(evidence);
  return isExtended(evidence) ? run : `${run} --extend ${evidence.asked.experiment_id}`;
}

/** The command line that serves the report of this experiment with everything. */
export function viewCommand(evidence: Known): string {
  return ["experiment", "view", ...reportOptions(evidence)].join(" ");
}

/** Command lines that ask the same question again and report on it. */
export function listReproduction(evidence: Known): readonly string[] {
  const { settings } = evidence;
  const { config } = settings.paths;
  const options = [
    ...questionOptions(evidence),
    ...(config === null ? [] : ["--config", quote(config)]),
    ...dataOptions(settings),
    ...budgetOptions(settings),
  ];
  return [
    ["experiment", "run", ...options].join(" "),
    ["experiment", "report", ...reportOptions(evidence)].join(" "),
  ];
}

/** A run finds these files without an option. */
const CONFIGS_FOUND: readonly string[] = ["experiment.yaml", "experiment.yml"];

const COMMAND_LINE = "command line";
/** An origin outside any file: such a limit has to be given again. */
const GIVEN = /^(?:command line$|environment )/u;

function questionOptions({ asked, registration }: Known): readonly string[] {
  return [
    ...(registration.aa ? ["--aa"] : []),
    ...(asked.seed === null ? [] : ["--seed", quote(asked.seed)]),
  ];
}

function reportOptions({ asked, settings }: Known): readonly string[] {
  return ["--experiment", quote(asked.experiment_id), ...dataOptions(settings)];
}

/** The options that name the data folder and the store again, after a blank; empty for the usual folder. */
export function dataOption(settings: Settings): string {
  return dataOptions(settings)
    .map((word) => ` ${word}`)
    .join("");
}

function dataOptions({ paths }: Settings): readonly string[] {
  return [
    ...(paths.data_dir === undefined ? [] : ["--data-dir", quote(paths.data_dir)]),
    ...(paths.store === undefined ? [] : ["--store", quote(paths.store)]),
  ];
}

function budgetOptions(
  { budgets }: Settings,
  raised: RaisedLimit | null = null,
): readonly string[] {
  const { mode, basis, cut, period_ms: period } = budgets;
  const ms = period?.value ?? null;
  return [
    ...limitsOf(budgets).flatMap((given) => {
      const { scope, unit, name, limit, origin } = raise(given, raised);
      const isNamed = scope === "command" || scope === "role";
      const value = isNamed ? `${name}=${limit}` : limit;
      return optionOf(limitFlag(scope, unit), { value, origin });
    }),
    ...optionOf("--period", period && { ...period, value: ms === null ? null : sayPeriod(ms) }),
    ...optionOf("--budget-parameter-type", budgets.parameter_type),
    ...optionOf("--budget-enforcement-mode", mode),
    ...optionOf("--budget-basis", basis),
    ...optionOf("--budget-cut", cut),
    ...optionOf("--overall-budget-scope", budgets.overall_scope),
  ];
}

/** A raised limit is an option, wherever the old limit was given. */
function raise(given: ReturnType<typeof limitsOf>[number], raised: RaisedLimit | null) {
  if (raised?.scope !== given.scope || raised.unit !== given.unit) return given;
  if (raised.name !== null && raised.name !== given.name) return given;
  return { ...given, limit: raised.limit, origin: COMMAND_LINE };
}

/** The limits that held. Old rows have the overall one and those of commands, in tokens. */
function limitsOf({ limits, overall, commands }: Settings["budgets"]) {
  if (limits !== null) return limits.filter(({ is_held: isHeld }) => isHeld);
  const all =
    overall === null || overall.value === null
      ? []
      : [{ scope: "overall" as const, name: "", ...overall }];
  const named = Object.entries(commands).map(([name, { value, origin }]) => ({
    scope: "command" as const,
    name,
    value,
    origin,
  }));
  return [...all, ...named].map(({ value, ...limit }) => ({
    ...limit,
    unit: "tokens" as const,
    limit: value ?? 0,
  }));
}

const MS_PER_S = 1000;
const S_PER_MINUTE = 60;
const S_PER_HOUR = 3600;

/** A period as its option takes it. */
function sayPeriod(ms: number): string {
  const s = ms / MS_PER_S;
  if (s % S_PER_HOUR === 0) return `${s / S_PER_HOUR}h`;
  return s % S_PER_MINUTE === 0 ? `${s / S_PER_MINUTE}m` : `${s}s`;
}

function isExtended({ asked }: Known): boolean {
  return asked.tasks.some(({ cohort }) => cohort > 1);
}

function optionOf(
  name: string,
  sourced: { readonly value: string | number | null; readonly origin: string } | null,
): readonly string[] {
  if (sourced === null || sourced.value === null || !GIVEN.test(sourced.origin)) return [];
  return [name, quote(String(sourced.value))];
}

/** Quotes a word for a POSIX shell if it needs that. */
function quote(text: string): string {
  return /^[\w./:@%+=-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
