import { readFileSync } from "node:fs";
import path from "node:path";

import { isLogFile } from "../../ledger/domain/cited-work.ts";
import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import type { Row } from "../../ledger/domain/row.ts";
import type { LedgerSnapshot } from "../../ledger/store/store.ts";
import type { FinalizedFact } from "../../ledger/views/experiment-fact.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { ObservedWindow } from "../evidence/observe-windows.ts";
import type { Paper, WindowPapers } from "./page-data.ts";

/** What papers are read from. */
export interface PaperSources {
  readonly evidence: Evidence;
  readonly ledger: LedgerSnapshot;
  /** The data folder. */
  readonly root: string;
  /** What agents changed, by the rows of their windows. */
  readonly readDiffs: (finals: readonly FinalizedFact[]) => Promise<ReadonlyMap<string, Paper>>;
}

/** Reservations and debits repeat what the requests say. */
const ROW_FILES: readonly LedgerFile[] = [
  "windows",
  "proxy_telemetry",
  "snapshots",
  "churn",
  "handoffs",
  "anomalies",
];
const CHARACTERS_MAX = 200_000;
const WITHOUT_CODE: Paper = { none: "left out by --without-code." };
const WINDOW_IN_LINE = /"window":"(?<window>[^"\\]*)"/u;

/** The papers of windows by their places in the list, in the order of the places. */
export async function collectPapers(
  sources: PaperSources,
  places: readonly number[],
  { withCode }: { readonly withCode: boolean },
): Promise<readonly (readonly [number, WindowPapers])[]> {
  const { evidence, readDiffs } = sources;
  const windows = places.flatMap((place) => evidence.windows[place] ?? []);
  const finals = withCode ? windows.flatMap(({ final }) => final ?? []) : [];
  const diffs = await readDiffs(finals);
  const rows = readRows(sources, windows);
  return places.flatMap((place) => {
    const window = evidence.windows[place];
    if (window === undefined) return [];
    const { final } = window;
    const diff = diffs.get(final?.id ?? "") ?? { none: "the window has no final row." };
    const log = withCode ? readLog(window, sources) : WITHOUT_CODE;
    const own = rows.get(keyOf(window)) ?? [];
    return [[place, { diff: withCode ? diff : WITHOUT_CODE, log, rows: rowsPaper(own) }] as const];
  });
}

/** What the window's agents printed, one after the other. Rows of earlier versions don't cite it. */
function readLog({ line, view, final }: ObservedWindow, { evidence, root }: PaperSources): Paper {
  const attempt = Math.max(0, ...(view?.attempts.keys() ?? []));
  const name = `${line.window ?? ""}-${String(attempt)}.jsonl`;
  const usual = [`captures/${evidence.view.experimentId}/${name}`];
  const files = final?.agent_logs?.map(({ file }) => file) ?? usual;
  const texts: string[] = [];
  for (const file of files) {
    const text = isLogFile(file) ? readIfThere(path.join(root, file)) : null;
    if (text === null) return { none: `${file} is not there.` };
    texts.push(text);
  }
  return { text: cut(texts.join("")) };
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** Reads each file once, and parses only lines of the wanted windows. */
function readRows({ ledger, evidence }: PaperSources, windows: readonly ObservedWindow[]) {
  const rows = new Map<string, Row[]>(windows.map((window) => [keyOf(window), []]));
  const wanted = new Set(windows.map(({ line }) => line.window));
  if (wanted.size === 0) return rows;
  const isOther = (line: string) =>
    !wanted.has(WINDOW_IN_LINE.exec(line)?.groups?.["window"] ?? null);
  for (const file of ROW_FILES) {
    for (const row of ledger.read(file, isOther)) {
      if (row["experiment_id"] !== evidence.view.experimentId) continue;
      rows.get(JSON.stringify([row["window"], row["provider"]]))?.push(row);
    }
  }
  return rows;
}

function keyOf({ line }: ObservedWindow): string {
  return JSON.stringify([line.window, line.provider]);
}

function rowsPaper(rows: readonly Row[]): Paper {
  if (rows.length === 0) return { none: "none." };
  return { text: cut(rows.map((row) => `${JSON.stringify(row)}\n`).join("")) };
}

/** The beginning of a long text, and how much is left out. */
export function cut(text: string): string {
  const left = text.length - CHARACTERS_MAX;
  if (left <= 0) return text;
  return `${text.slice(0, CHARACTERS_MAX)}\n… ${String(left)} more characters are left out.\n`;
}
