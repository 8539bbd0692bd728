import type { ReportContext } from "./report-context.ts";
import type { ReportData } from "./report-data.ts";

/** How the work of finalized windows was kept apart while it was graded. */
export function countIsolation({ windows }: ReportContext): ReportData["isolation"] {
  const graded = windows.filter(({ final }) => final !== undefined && final.quality !== null);
  const counts = Map.groupBy(graded, ({ final }) => final?.isolation ?? "none");
  return [...counts.keys()]
    .toSorted()
    .map((isolation) => ({ isolation, windows: counts.get(isolation)?.length ?? 0 }));
}

/** Every version that a session or a finalized window names. */
export function listVersions({ view, windows }: ReportContext): ReportData["versions"] {
  const named = [
    ...[...view.sessions.values()].map(({ versions }) => versions),
    ...windows.map(({ final }) => final?.versions ?? {}),
  ];
  const byName = new Map<string, Set<string>>();
  for (const [name, version] of named.flatMap(Object.entries<string>)) {
    byName.set(name, (byName.get(name) ?? new Set()).add(version));
  }
  return [...byName.keys()]
    .toSorted()
    .map((name) => ({ name, versions: [...(byName.get(name) ?? [])].toSorted() }));
}

const COMMAND_LINE = "command line";
const FILE = /^file (.+)$/u;

/** Command lines that ask the same question again; limits that came from a command line stand in it. */
export function listReproduction({ asked, settings }: ReportContext): readonly string[] {
  const { budgets } = settings;
  const sourced = [
    budgets.mode,
    budgets.basis,
    budgets.overall,
    ...Object.values(budgets.commands),
  ];
  const file = sourced.map((one) => FILE.exec(one?.origin ?? "")?.[1]).find(isText);
  const options = [
    ...(asked.seed === null ? [] : ["--seed", quote(asked.seed)]),
    ...(file === undefined ? [] : ["--config", quote(file)]),
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
  if (sourced === null || sourced.value === null || sourced.origin !== COMMAND_LINE) return [];
  return [name, quote(String(sourced.value))];
}

/** Quoted for a POSIX shell where it has to be. */
function quote(text: string): string {
  return /^[\w./:@%+-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function isText(text: string | undefined): text is string {
  return text !== undefined;
}
