import { tokensIn } from "../../../ledger/domain/token-basis.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import { featureOf, type ManualWindow, type ManualWindowRows } from "../windows/manual-window.ts";
import {
  type Cell,
  type CHURN_LEDGER,
  type CsvRow,
  isCell,
  type TOKEN_LEDGER,
} from "./ledger-csv.ts";
import type { Figure } from "./typed-figures.ts";

type TokenRow = CsvRow<(typeof TOKEN_LEDGER.columns)[number]>;
type ChurnRow = CsvRow<(typeof CHURN_LEDGER.columns)[number]>;

/** What a person gives for a usage row; null for what is left out. */
export interface UsageRowWords extends Readonly<Record<Figure, number | null>> {
  readonly phase: "plan" | "mid" | "final";
  /** The local day. */
  readonly date: string;
  readonly session: string;
  readonly task: string;
  readonly notes: string;
}

/** What the ledger says about a window. */
export interface WorkedWindow {
  readonly key: ManualWindow;
  readonly rows: ManualWindowRows;
  readonly usage: Usage | undefined;
}

/**
 * The usage row of tokens. What the person leaves out comes from the ledger, or for the plan from the last row of
 * the same session and task. What nobody knows is empty.
 */
export function tokenRow(
  words: UsageRowWords,
  worked: readonly WorkedWindow[],
  former: readonly Readonly<Record<string, string>>[],
): TokenRow {
  const isPlan = words.phase === "plan";
  const actual = words.actual ?? (isPlan ? null : sumOrNull(worked.map(tokensOf)));
  const planned = words.planned ?? plannedBefore(words, former);
  const nets = worked.map(({ rows }) => netOf(rows));
  return {
    ...namesOf(words),
    tokens_planned: planned,
    tokens_actual: actual,
    delta: planned === null || actual === null ? null : actual - planned,
    commits: words.commits ?? (isPlan ? null : sumOrNull(worked.map(commitsOf))),
    lines: words.lines ?? (isPlan ? null : sumOrNull(nets)),
    features: words.features ?? (isPlan ? null : countFeatures(worked)),
    tests: words.tests,
  };
}

function namesOf({ date, session, task, phase, notes }: UsageRowWords) {
  return { date, session, task, notes: notes === "" ? phase : `${phase}: ${notes}` };
}

/** A row of each provider's churn; none for a plan, and none for a window without churn. */
export function churnRows(
  words: UsageRowWords,
  worked: readonly WorkedWindow[],
): readonly ChurnRow[] {
  if (words.phase === "plan") return [];
  const { date, notes } = namesOf(words);
  return worked.flatMap(({ key, rows }) => {
    const { churn, final } = rows;
    if (churn === undefined) return [];
    const { files_changed: files, insertions, deletions } = churn.churn;
    const net = insertions - deletions;
    const normalized = churn.scenarios === undefined ? null : net / churn.scenarios;
    const row: ChurnRow = {
      date,
      window: key.window,
      provider: key.provider,
      methodology: final?.methodology ?? null,
      commits: words.commits ?? churn.commits ?? null,
      files,
      insertions,
      deletions,
      net,
      features: featureOf(rows),
      normalized_churn: normalized,
      notes,
    };
    return [row];
  });
}

function plannedBefore(
  { session, task }: UsageRowWords,
  former: readonly Readonly<Record<string, string>>[],
): number | null {
  const row = former.findLast(
    (one) =>
      isCell(one["session"], session) && isCell(one["task"], task) && one["tokens_planned"] !== "",
  );
  const planned = Number(row?.["tokens_planned"] ?? Number.NaN);
  return Number.isNaN(planned) ? null : planned;
}

function tokensOf({ usage }: WorkedWindow): number | null {
  return usage === undefined ? null : tokensIn("uncached", usage);
}

function netOf({ churn }: ManualWindowRows): number | null {
  return churn === undefined ? null : churn.churn.insertions - churn.churn.deletions;
}

function commitsOf({ rows }: WorkedWindow): number | null {
  return rows.churn?.commits ?? null;
}

function countFeatures(worked: readonly WorkedWindow[]): number | null {
  const named = new Set(worked.map(({ rows }) => featureOf(rows)).filter((one) => one !== null));
  return named.size === 0 ? null : named.size;
}

/** If any window's number is unknown, the sum is unknown. */
function sumOrNull(numbers: readonly Cell[]): number | null {
  let sum = 0;
  for (const number of numbers) {
    if (typeof number !== "number") return null;
    sum += number;
  }
  return numbers.length === 0 ? null : sum;
}
