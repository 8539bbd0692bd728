import { LEDGER_FILES } from "../../ledger/domain/ledger-file.ts";
import type { AnomalyFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { finalizedWindows } from "../../ledger/views/progress.ts";
import type { AnomalyLine } from "./report-data.ts";

/** Which figures an anomaly touches, by the anomaly's number. */
export interface Touches {
  readonly anomalies: readonly AnomalyLine[];
  /** Of the provider's window; by hand, several providers may be measured over one window id. */
  ofWindow(window: string | null, provider: string): readonly number[];
  /** Of everything that is read from a ledger file; damage to it touches all of that. */
  ofFile(file: string): readonly number[];
}

/** Numbers the anomalies in the order in which they were recorded and finds what each touches. */
export function indexTouches(view: ExperimentView): Touches {
  const anomalies = [...view.anomalies.values()].toSorted(byTime);
  const cited = citedWindows(view);
  const byWindow = new Map<string, number[]>();
  const byFile = new Map<string, number[]>();
  const lines = anomalies.map((anomaly, index) => {
    const windows = windowsOf(view, anomaly, cited.get(anomaly.id) ?? []);
    const number = index + 1;
    if (isStanding(view, anomaly)) {
      for (const window of windows) addTo(byWindow, keyOf(window, anomaly.provider), number);
      for (const file of anomaly.touches.map(fileOf)) {
        if (file !== undefined) addTo(byFile, file, number);
      }
    }
    return lineOf(anomaly, number, windows);
  });
  return {
    anomalies: lines,
    ofWindow: (window, provider) =>
      window === null
        ? []
        : joinTouches([
            byWindow.get(keyOf(window, undefined)) ?? [],
            byWindow.get(keyOf(window, provider)) ?? [],
          ]),
    ofFile: (file) => byFile.get(file) ?? [],
  };
}

/** Whether what it touches still counts: rows that were undone or corrected are in no figure. */
function isStanding(view: ExperimentView, { touches }: AnomalyFact): boolean {
  return touches.every((touched) => view.isAlive(touched));
}

function keyOf(window: string, provider: string | undefined): string {
  return provider === undefined ? window : `${window} ${provider}`;
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
  const named = touches.flatMap((touched) => {
    if (view.windows.has(touched)) return [touched];
    const row = view.findRow(touched);
    return row !== undefined && "window" in row && row.window !== undefined ? [row.window] : [];
  });
  const windows = new Set([...named, ...cited, ...(window === undefined ? [] : [window])]);
  return [...windows].toSorted();
}

/** `windows`, `windows.jsonl`, `windows.000001.jsonl` and a path to it are all the file `windows`. */
function fileOf(touched: string): string | undefined {
  const name = touched.split(/[\\/]/u).at(-1)?.split(".", 1)[0];
  return LEDGER_FILES.find((file) => file === name);
}

function addTo(index: Map<string, number[]>, key: string, number: number): void {
  const numbers = index.get(key) ?? [];
  if (!numbers.includes(number)) numbers.push(number);
  index.set(key, numbers);
}

function lineOf(anomaly: AnomalyFact, number: number, windows: readonly string[]): AnomalyLine {
  const { id, name, recorded_at, touches, action } = anomaly;
  return { number, id, kind: name, recorded_at, touches, windows, action };
}

/** Several lists of anomaly numbers as one, in order. */
export function joinTouches(lists: readonly (readonly number[])[]): readonly number[] {
  return [...new Set(lists.flat())].toSorted((left, right) => left - right);
}
