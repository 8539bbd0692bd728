import { z } from "zod";

import type { AnalysedWindow } from "../statistics/candidate/window.ts";

/** The columns of a file of windows; the last four may be left out. */
export const WINDOW_COLUMNS = [
  "feature",
  "replicate",
  "provider",
  "period",
  "cost",
  "quality",
  "errors",
  "requests",
  "latencies_ms",
] as const;
export type WindowColumn = (typeof WINDOW_COLUMNS)[number];

export const REQUIRED_COLUMNS: readonly WindowColumn[] = WINDOW_COLUMNS.slice(0, 5);

const Name = z.string().trim().min(1);
const Figure = z.number();
const CountFrom1 = Figure.int().min(1);
const Count = Figure.int().min(0);

/** One window as a file gives it: null or absent where it was not measured. */
export const WindowRecord = z.strictObject({
  feature: Name,
  replicate: CountFrom1,
  provider: Name,
  period: CountFrom1,
  cost: Figure.positive(),
  quality: Figure.min(0).max(1).nullable().optional(),
  errors: Count.nullable().optional(),
  requests: Count.nullable().optional(),
  latencies_ms: z.array(Figure.min(0)).readonly().nullable().optional(),
});
export type WindowRecord = z.infer<typeof WindowRecord>;

/** What each column wants, and how a wrong value is mended. */
const WANTED: Readonly<Record<WindowColumn, readonly [expected: string, mend: string]>> = {
  feature: ["the name of a feature", "Write what both providers were given."],
  replicate: ["a whole number from 1", "Write 1 where every feature was run once."],
  provider: ["the name of a provider", "Write who did the work."],
  period: ["a whole number from 1", "Write 1 for who went first on the feature, 2 for the second."],
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

/** What is wrong with one column's value, as the end of a message. */
export function describeValue(column: WindowColumn, got: unknown): string {
  const [expected, mend] = WANTED[column];
  return `expected "${column}" to be ${expected}, got ${show(got)}. ${mend}`;
}

/** What a record says that no window can have been; null where all is well. */
export function findContradiction({ errors, requests }: WindowRecord): string | null {
  if (errors === null || errors === undefined) return null;
  if (requests === null || requests === undefined) {
    return `expected "requests" beside "errors", got nothing. Write how many requests were made, or leave "errors" out.`;
  }
  if (errors <= requests) return null;
  return `expected at most as many errors as requests, got ${errors} of ${requests}. Correct one of them.`;
}

export function toWindow(record: WindowRecord): AnalysedWindow {
  const { feature, replicate, provider, period, cost } = record;
  return {
    feature,
    replicate,
    provider,
    period,
    cost,
    quality: record.quality ?? null,
    errors: record.errors ?? null,
    requests: record.requests ?? null,
    latenciesMs: record.latencies_ms ?? null,
  };
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
