import { sayMeant } from "../../../ledger/domain/nearest-name.ts";
import type { AnalysedWindow } from "../../statistics/candidate/window.ts";
import {
  AnalysisInputError,
  type InputFault,
  type RawRecord,
  readCsv,
  readJson,
} from "./read-records.ts";
import {
  describeValue,
  findContradiction,
  isWindowColumn,
  WINDOW_COLUMNS,
  WindowRecord,
} from "./window-record.ts";

export interface WindowFile {
  /** Its name in messages. */
  readonly name: string;
  readonly text: string;
}

interface ReadWindow {
  readonly line: number;
  readonly window: AnalysedWindow;
}

/**
 * Reads windows from CSV or from a JSON array of objects; the first character decides which it is.
 * @throws AnalysisInputError for up to ten faults, each with its line, its value and how to correct it.
 */
export function readWindows({ name, text }: WindowFile): readonly AnalysedWindow[] {
  const isJson = /^\uFEFF?\s*[[{]/u.test(text);
  const raw = isJson ? readJson(name, text.replace(/^\uFEFF/u, "")) : readCsv(name, text);
  const checked = raw.map(check);
  const faults = checked.flatMap((one) => ("faults" in one ? one.faults : []));
  const windows = checked.flatMap((one) => ("window" in one ? [one] : []));
  const all = [...faults, ...findRepeated(windows)];
  if (all.length > 0) throw new AnalysisInputError(name, all);
  return windows.map(({ window }) => window);
}

function check({ line, values }: RawRecord): ReadWindow | { readonly faults: InputFault[] } {
  const result = WindowRecord.safeParse(values);
  if (!result.success) {
    const texts = result.error.issues.flatMap((issue) => describeIssue(issue, values));
    return { faults: [...new Set(texts)].map((text) => ({ line, text })) };
  }
  const contradiction = findContradiction(result.data);
  if (contradiction !== null) return { faults: [{ line, text: contradiction }] };
  const { latencies_ms: latenciesMs, ...window } = result.data;
  return { line, window: { ...window, latenciesMs } };
}

type Issue = NonNullable<ReturnType<typeof WindowRecord.safeParse>["error"]>["issues"][number];

function describeIssue(issue: Issue, values: unknown): readonly string[] {
  const [column] = issue.path;
  if (isWindowColumn(column)) return [describeValue(column, valueOf(values, column))];
  if (issue.code !== "unrecognized_keys") {
    return [`expected a window, got ${JSON.stringify(values)}. Write {"feature": …, …}.`];
  }
  return issue.keys.map(
    (key) =>
      `expected a known field, got ${JSON.stringify(key)}.${sayMeant(key, WINDOW_COLUMNS)} Known fields: ${WINDOW_COLUMNS.join(", ")}.`,
  );
}

function valueOf(values: unknown, column: string): unknown {
  if (typeof values !== "object" || values === null) return undefined;
  return Object.getOwnPropertyDescriptor(values, column)?.value;
}

/** Windows that occur twice, and windows of one feature and replicate in the same period. */
function findRepeated(windows: readonly ReadWindow[]): readonly InputFault[] {
  return [
    ...repeatsOf(windows, ({ feature, replicate, provider }) => [feature, replicate, provider]).map(
      ({ first, line, window }) => ({
        line,
        text: `expected one window of provider "${window.provider}" for feature "${window.feature}", replicate ${window.replicate}, got another than on line ${first}. Leave one out, or number the replicates.`,
      }),
    ),
    ...repeatsOf(windows, ({ feature, replicate, period }) => [feature, replicate, period])
      .filter(({ other, window }) => other.provider !== window.provider)
      .map(({ first, line, window }) => ({
        line,
        text: `expected another period than on line ${first} for feature "${window.feature}", replicate ${window.replicate}, got ${window.period} again. Write who went first as 1 and who came next as 2.`,
      })),
  ];
}

function repeatsOf(
  windows: readonly ReadWindow[],
  keyOf: (window: AnalysedWindow) => readonly unknown[],
) {
  const groups = Map.groupBy(windows, ({ window }) => JSON.stringify(keyOf(window)));
  return [...groups.values()].flatMap(([first, ...others]) =>
    others.map((one) => ({ ...one, first: first?.line ?? 0, other: first?.window ?? one.window })),
  );
}
