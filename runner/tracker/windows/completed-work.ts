import path from "node:path";

import { sayMeant } from "../../../ledger/domain/nearest-name.ts";
import { Outcome } from "../../../ledger/domain/outcome.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import type { CompletedWork } from "./complete-window.ts";
import { resolveCommitOf } from "./measure-manual-churn.ts";
import { TrackerUsageError } from "./tracker-errors.ts";

const HASH = /^[0-9a-f]{7,64}$/u;
const SHARE = /^(?:0(?:\.\d{1,12})?|1(?:\.0{1,12})?|\.\d{1,12})$/u;

/** What an operator types of a window's work. */
interface WorkOptions {
  readonly feature: string;
  readonly outcome: string;
  readonly reason?: string;
  readonly quality?: string;
  readonly methodology?: string;
  readonly notes?: string;
  readonly repo?: string;
  readonly commitStart?: string;
  readonly commitEnd?: string;
}

/** @throws TrackerUsageError naming the option that is wrong. */
export async function readCompletedWork(
  options: WorkOptions,
  environment: Environment,
): Promise<Omit<CompletedWork, "plan">> {
  const repository = path.resolve(environment.cwd, options.repo ?? ".");
  const readCommit = async (option: string, commit: string | undefined) => {
    // A hash may be of a repository that is not here.
    if (commit === undefined || HASH.test(commit)) return commit ?? null;
    return await resolveCommitOf(repository, { option, commit }, environment);
  };
  return {
    feature: options.feature,
    outcome: readOutcome(options.outcome),
    reason: options.reason ?? null,
    quality: readQuality(options.quality),
    methodology: options.methodology ?? null,
    remark: options.notes ?? null,
    commitStart: await readCommit("--commit-start", options.commitStart),
    commitEnd: await readCommit("--commit-end", options.commitEnd),
  };
}

function readOutcome(text: string): Outcome {
  const outcome = Outcome.safeParse(text);
  if (outcome.success) return outcome.data;
  throw new TrackerUsageError(
    `--outcome: expected one of ${Outcome.options.join(", ")}, got ${JSON.stringify(text)}.${sayMeant(text, Outcome.options)} Write one of them.`,
  );
}

/** A share. A mark on another scale would become a score that nobody gave. */
function readQuality(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (SHARE.test(text)) return Number(text);
  throw new TrackerUsageError(
    `--quality: expected the share of acceptance scenarios that passed, 0 to 1, got ${JSON.stringify(text)}. A mark of 1 to 5 is not a share: write passed ÷ all, e.g. 0.9.`,
  );
}
