import { z } from "zod";

import { LEDGER_FILES } from "../../ledger/domain/ledger-file.ts";
import { MAIN_AGENT } from "../../ledger/domain/window.ts";
import type { AnomalyFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { finalizedWindows } from "../../ledger/views/progress.ts";
import { Count, exact, listOf, NumberOrNull, Text } from "./schema.ts";
import { unequalConditions } from "./unequal-conditions.ts";

export const AnomalyLine = exact({
  number: z.int().positive(),
  id: Text,
  kind: Text,
  recorded_at: Text,
  /** As the row names them. */
  touches: listOf(Text),
  /** The windows that they belong to. */
  windows: listOf(Text),
  action: Text,
  /** Two counts of the same tokens that differ; null for other anomalies. */
  divergence: exact({
    /** Tokens of all classes by the source that counts, which is the proxy unless it saw nothing. */
    proxy: Count,
    counted_by: Text,
    reported: Count,
    reported_by: Text,
    /** `main`: without sub-agents, whom the report leaves out. */
    lane: z.enum(["all", "main"]),
    /** The classes of tokens that differ too much by themselves. */
    classes: listOf(exact({ class: Text, proxy: Count, reported: Count })),
    /** reported ÷ proxy; null if the proxy counted none. */
    ratio: NumberOrNull,
  }).nullable(),
  /** A row that it names was corrected or undone since, so it affects no figure. */
  is_past: z.boolean(),
});
export type AnomalyLine = z.infer<typeof AnomalyLine>;

/** The numbers of the anomalies that affect a figure. */
export type AffectedIndex = ReturnType<typeof indexAffected>;

const NO_NUMBERS: readonly number[] = [];

/** Numbers the anomalies in the order in which they were recorded, and finds what each affects. */
export function indexAffected(view: ExperimentView) {
  const facts = [...view.anomalies.values(), ...unequalConditions(view)];
  const cited = facts.length === 0 ? new Map<string, never>() : citedWindows(view);
  const anomalies = facts.toSorted(byTime).map((fact, index) => {
    const { id, name: kind, recorded_at, touches, action } = fact;
    const windows = windowsOf(view, fact, cited.get(id) ?? []);
    const divergence = fact.divergence ? withRatio(fact.divergence) : null;
    const named = { number: index + 1, id, kind, recorded_at, touches, windows, action };
    return { fact, line: { ...named, divergence, is_past: !isStanding(view, fact) } };
  });
  const marks = anomalies
    .filter(({ fact }) => isStanding(view, fact))
    .flatMap(({ fact, line: { number, windows } }) => [
      ...windows.map((window) => ({
        key: keyOf(window, fact.provider, fact.window_agent),
        number,
      })),
      ...fact.touches.flatMap(fileOf).map((file) => ({ key: file, number })),
    ]);
  const byKey = Map.groupBy(marks, ({ key }) => key);
  const marked = new Set(anomalies.flatMap(({ line: { windows } }) => windows));
  const numbersAt = (...keys: readonly string[]) =>
    joinNumbers(keys.map((key) => (byKey.get(key) ?? []).map(({ number }) => number)));
  return {
    anomalies: anomalies.map(({ line }) => line),
    /** Those of a provider's window; manual windows of several providers and agents may share an id. */
    ofWindow: (window: string | null, provider: string, agent?: string | null) =>
      window === null || !marked.has(window)
        ? NO_NUMBERS
        : numbersAt(keyOf(window, undefined), keyOf(window, provider, agent)),
    /** Those of a ledger file: damage to it affects every figure that is read from it. */
    ofFile: (file: string) => numbersAt(file),
  };
}

function withRatio(counts: NonNullable<AnomalyFact["divergence"]>) {
  const { proxy, reported } = counts;
  return { ...counts, ratio: proxy === 0 ? null : reported / proxy };
}

/** Whether the rows that it names still count: an undone or corrected row is in no figure. */
function isStanding(view: ExperimentView, { touches }: AnomalyFact): boolean {
  return touches.every((name) => view.isAlive(name));
}

function keyOf(window: string, provider?: string, agent?: string | null): string {
  return JSON.stringify([window, provider ?? null, agent ?? MAIN_AGENT]);
}

function byTime(left: AnomalyFact, right: AnomalyFact): number {
  const [one, other] = [left, right].map(({ recorded_at, id }) => `${recorded_at} ${id}`);
  return (one ?? "") < (other ?? "") ? -1 : 1;
}

/** Windows whose final rows name an anomaly, by the anomaly's id. */
function citedWindows(view: ExperimentView): ReadonlyMap<string, readonly string[]> {
  const cited = new Map<string, string[]>();
  for (const { window, anomalies } of finalizedWindows(view)) {
    for (const id of anomalies) cited.set(id, [...(cited.get(id) ?? []), window]);
  }
  return cited;
}

function windowsOf(
  view: ExperimentView,
  { touches, window }: AnomalyFact,
  cited: readonly string[],
): readonly string[] {
  const named = touches.flatMap((name) => {
    if (view.windows.has(name)) return [name];
    const row = view.findRow(name);
    return row !== undefined && "window" in row && row.window !== undefined ? [row.window] : [];
  });
  const windows = new Set([...named, ...cited, ...(window === undefined ? [] : [window])]);
  return [...windows].toSorted();
}

/** `windows`, `windows.jsonl`, `windows.000001.jsonl` and a path to it are all the file `windows`. */
function fileOf(path: string): readonly string[] {
  const name = path.split(/[\\/]/u).at(-1)?.split(".", 1)[0];
  return LEDGER_FILES.filter((file) => file === name);
}

/** Several lists of anomaly numbers as one, in order. */
export function joinNumbers(lists: readonly (readonly number[])[]): readonly number[] {
  if (lists.every(({ length }) => length === 0)) return NO_NUMBERS;
  return [...new Set(lists.flat())].toSorted((left, right) => left - right);
}
