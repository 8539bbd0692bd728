import type { GitEnvironment } from "../../platform/git/run-git.ts";
import { type ManualWindow, nameOf, rowsOfWindow } from "../windows/manual-window.ts";
import { measureManualChurn } from "../windows/measure-manual-churn.ts";
import { TrackerUsageError } from "../windows/tracker-errors.ts";
import type { Tracker } from "../windows/tracker.ts";

/** The ledger and the repository of the work. */
interface Place {
  readonly tracker: Tracker;
  readonly environment: GitEnvironment;
  /** Absolute path of a folder in the repository. */
  readonly repository: string;
}

/**
 * Measures the churn of windows between the commits of their completions, so that whoever takes over reads today's
 * figures. Returns a line about each window.
 * @throws TrackerUsageError if there is no repository or no such commit.
 */
export async function measureFirst(
  place: Place,
  windows: readonly ManualWindow[],
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const key of windows) lines.push(`${nameOf(key)}: ${await measureOne(place, key)}`);
  return lines;
}

async function measureOne({ repository, ...place }: Place, key: ManualWindow): Promise<string> {
  const { final } = rowsOfWindow(place.tracker.ledger.view, key);
  const { commit_start: commitStart = null, commit_end: commitEnd = null } = final ?? {};
  if (commitStart === null || commitEnd === null) {
    return "no churn, because its completion names no commits";
  }
  const { churn } = await measureManualChurn(place, key, {
    repository,
    commitStart,
    commitEnd,
  }).catch(refuse);
  const net = churn.insertions - churn.deletions;
  return `churn measured, net ${net > 0 ? "+" : ""}${String(net)}`;
}

function refuse(cause: unknown): never {
  if (!(cause instanceof TrackerUsageError)) throw cause;
  throw new TrackerUsageError(`${cause.message} Name the repository of the work with --repo.`, {
    cause,
  });
}
