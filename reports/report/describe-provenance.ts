import type { FinalizedFact } from "../../ledger/views/experiment-fact.ts";
import type { ReportContext } from "./report-context.ts";
import type { ReportData } from "./report-data.ts";

/** What kept agents, and what they wrote while it was graded, away from the rest of the machine. */
export function countIsolation({ windows }: ReportContext): ReportData["isolation"] {
  const finals = windows.map(({ final }) => final).filter((final) => final !== undefined);
  const graded = finals.filter(({ quality }) => quality !== null);
  const worked = finals.filter(
    ({ agent_isolation }) => agent_isolation !== null && agent_isolation !== undefined,
  );
  return [
    ...count("agent", worked, ({ agent_isolation }) => agent_isolation ?? "none"),
    ...count("grader", graded, ({ isolation }) => isolation ?? "none"),
  ];
}

function count(
  part: "agent" | "grader",
  finals: readonly FinalizedFact[],
  isolationOf: (final: FinalizedFact) => string,
): ReportData["isolation"] {
  const groups = Map.groupBy(finals, isolationOf);
  return [...groups.keys()]
    .toSorted()
    .map((isolation) => ({ part, isolation, windows: groups.get(isolation)?.length ?? 0 }));
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

/** Where a limit came from that no file holds: it has to be given again. */
const GIVEN = /^(?:command line$|environment )/u;

/** Command lines that ask the same question again; limits that were given beside the file stand in it. */
export function listReproduction({ asked, settings }: ReportContext): readonly string[] {
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

/** Quoted for a POSIX shell where it has to be. */
function quote(text: string): string {
  return /^[\w./:@%+-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
