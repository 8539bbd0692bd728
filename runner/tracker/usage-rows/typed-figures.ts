import { TrackerUsageError } from "../windows/tracker-errors.ts";

/** A figure that a person may type for a usage row. */
export type Figure = "planned" | "actual" | "commits" | "lines" | "features" | "tests";

/** @throws TrackerUsageError naming the option that is wrong. */
export function readFigures(options: Readonly<Partial<Record<Figure, string>>>) {
  return {
    planned: readWhole("--planned", options.planned),
    actual: readWhole("--actual", options.actual),
    commits: readWhole("--commits", options.commits),
    lines: readWhole("--lines", options.lines),
    features: readWhole("--features", options.features),
    tests: readWhole("--tests", options.tests),
  };
}

/** Lines may be fewer than before. */
function readWhole(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^-?\d{1,15}$/u.test(text) && (option === "--lines" || !text.startsWith("-"))) {
    return Number(text);
  }
  throw new TrackerUsageError(
    `${option}: expected a whole number, got ${JSON.stringify(text)}. Write e.g. 12000.`,
  );
}
