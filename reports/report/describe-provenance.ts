import type { Evidence } from "../evidence/evidence.ts";
import { groupSorted } from "../evidence/group-sorted.ts";
import type { ReportData } from "./report-data.ts";

/** The isolation of agents, and of what they wrote while it was graded, by number of windows. */
export function countIsolation({ windows }: Evidence): ReportData["isolation"] {
  const finals = windows.flatMap(({ final }) => final ?? []);
  const agents = finals.flatMap(({ agent_isolation }) => agent_isolation ?? []);
  const graders = finals
    .filter(({ quality }) => quality !== null)
    .map(({ isolation }) => isolation ?? "none");
  return [...count("agent", agents), ...count("grader", graders)];
}

function count(part: "agent" | "grader", names: readonly string[]): ReportData["isolation"] {
  return groupSorted(names, (name) => name).map(([isolation, { length }]) => ({
    part,
    isolation,
    windows: length,
  }));
}

/** An origin outside any file: such a limit has to be given again. */
const GIVEN = /^(?:command line$|environment )/u;

/** Command lines that ask the same question again, with the limits that were given besides the file. */
export function listReproduction({ asked, settings }: Evidence): readonly string[] {
  const { budgets, paths } = settings;
  const options = [
    ...(asked.seed === null ? [] : ["--seed", quote(asked.seed)]),
    ...(paths.config === null ? [] : ["--config", quote(paths.config)]),
    ...optionOf("--overall-token-budget", budgets.overall),
    ...Object.entries(budgets.commands).flatMap(([command, { value, origin }]) =>
      optionOf("--command-budget", { value: `${command}=${value}`, origin }),
    ),
    ...optionOf("--budget-enforcement-mode", budgets.mode),
    ...optionOf("--budget-basis", budgets.basis),
  ];
  return [
    ["experiment", "run", ...options].join(" "),
    `experiment report --experiment ${quote(asked.experiment_id)}`,
  ];
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
  return /^[\w./:@%+-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
