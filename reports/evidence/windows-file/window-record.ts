import { z } from "zod";

const Name = z.string().trim().min(1);
const Figure = z.number();
const CountFrom1 = Figure.int().min(1);
const Count = Figure.int().min(0);

const Measured = <Value extends z.ZodType>(value: Value) => value.nullable().default(null);

/** One window of a file; values that were not measured are null or absent. */
export const WindowRecord = z.strictObject({
  feature: Name,
  replicate: CountFrom1,
  provider: Name,
  period: CountFrom1,
  cost: Figure.positive(),
  quality: Measured(Figure.min(0).max(1)),
  errors: Measured(Count),
  requests: Measured(Count),
  latencies_ms: Measured(z.array(Figure.min(0)).readonly()),
});
type WindowRecord = z.infer<typeof WindowRecord>;
type WindowColumn = keyof WindowRecord;

/** The columns of a file of windows; the last four may be left out. */
export const WINDOW_COLUMNS = WindowRecord.keyof().options;
export const REQUIRED_COLUMNS: readonly WindowColumn[] = WINDOW_COLUMNS.slice(0, 5);

/** What each column expects, and how to correct a wrong value. */
const WANTED: Readonly<Record<WindowColumn, readonly [expected: string, mend: string]>> = {
  feature: ["the name of a feature", "Write what both providers were given."],
  replicate: ["a whole number from 1", "Write 1 if every feature was run once."],
  provider: ["the name of a provider", "Write who did the work."],
  period: [
    "a whole number from 1",
    "Write 1 for the first provider on the feature, 2 for the second.",
  ],
  cost: [
    "a finite number above 0",
    "Write what the window cost, in one unit for the whole file; leave out a window that spent nothing.",
  ],
  quality: ["a number from 0 to 1", "Write the share of checks that passed, or nothing."],
  errors: ["a whole number from 0", "Write how many requests failed, or nothing."],
  requests: ["a whole number from 0", "Write how many requests were made, or nothing."],
  latencies_ms: [
    "finite numbers of 0 or more, separated by blanks",
    "Write milliseconds, e.g. 812 1040.5, or nothing.",
  ],
};

/** The end of the message about a column's wrong value. */
export function describeValue(column: WindowColumn, got: unknown): string {
  const [expected, mend] = WANTED[column];
  return `expected "${column}" to be ${expected}, got ${show(got)}. ${mend}`;
}

/** Says why no window can have these values; null if one can. */
export function findContradiction({ errors, requests }: WindowRecord): string | null {
  if (errors === null) return null;
  if (requests === null) {
    return `expected "requests" with "errors", got nothing. Write how many requests were made, or leave "errors" out.`;
  }
  if (errors <= requests) return null;
  return `expected at most as many errors as requests, got ${errors} of ${requests}. Correct one of them.`;
}

export function isWindowColumn(name: PropertyKey | undefined): name is WindowColumn {
  return WINDOW_COLUMNS.some((column) => column === name);
}

const SHOWN_MAX = 80;

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX - 1)}…` : text;
}
