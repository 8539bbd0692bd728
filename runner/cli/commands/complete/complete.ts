import path from "node:path";

import { sayMeant } from "../../../../ledger/domain/nearest-name.ts";
import { Outcome } from "../../../../ledger/domain/outcome.ts";
import type { Configuration } from "../../../plan/config/configuration.ts";
import { findConfiguration } from "../../../plan/config/find-configuration.ts";
import { loadConfiguration } from "../../../plan/config/load-configuration.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { auditManual } from "../../../tracker/windows/audit-window.ts";
import { completeWindow, type CompletedWork } from "../../../tracker/windows/complete-window.ts";
import { nameOf } from "../../../tracker/windows/manual-window.ts";
import { resolveCommitOf } from "../../../tracker/windows/measure-manual-churn.ts";
import { withPresentDivergences } from "../../../tracker/windows/present-divergences.ts";
import { rememberBaseline } from "../../../tracker/windows/record-looks.ts";
import { TrackerUsageError } from "../../../tracker/windows/tracker-errors.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { sayDelta, sayTokens } from "../../manual/show-reading.ts";
import { checkProvider, chooseWindow, checkWindowOptions } from "../../manual/window-options.ts";
import { withTracker } from "../../manual/with-tracker.ts";
import { doneWith } from "../../result.ts";
import type { complete as definition } from "./definition.ts";

type CompleteOptions = OptionsOf<typeof definition>;

const HASH = /^[0-9a-f]{7,64}$/u;
const SHARE = /^(?:0(?:\.\d{1,12})?|1(?:\.0{1,12})?|\.\d{1,12})$/u;

/** Makes a manual window final, and says what it still lacks. */
export const complete: CodeOf<typeof definition> = async (options, environment) => {
  checkWindowOptions(options);
  const said = await readWork(options, environment);
  const configuration = loadIfThere(environment);
  const named =
    options.baseline === undefined ? undefined : checkProvider(options.baseline, "--baseline");
  return await withTracker(options, environment, async (tracker) => {
    const key = chooseWindow(tracker, options);
    const baseline = await rememberBaseline(tracker, {
      said: named,
      configured: () => configuration?.providers[0].id ?? null,
    });
    const plan = configuration?.providers.find(({ id }) => id === key.provider)?.plan ?? null;
    const work = { ...said, plan };
    const { id, isThere, corrects, used } = await completeWindow(tracker, key, work);
    const view = withPresentDivergences(tracker.ledger.view, used);
    const { capacity, tokens, missing, anomalies } = auditManual(view, key, used);
    const data = {
      ...key,
      id,
      is_there: isThere,
      corrects,
      capacity,
      missing,
      baseline,
      tokens: tokens.count,
      tokens_by: tokens.by,
    };
    const status = isThere ? "the same is there already; nothing was written" : "complete";
    const correction = corrects === null ? "" : `; it corrects ${corrects}`;
    // As the preview counts them.
    const present = anomalies.filter(({ isPast }) => !isPast).length;
    const say = () =>
      [
        `${nameOf(key)}: ${status}${correction}.`,
        ...capacity.map((delta) => `  capacity: ${sayDelta(delta)}`),
        `  tokens: ${sayTokens(tokens)}`,
        ...(present === 0 ? [] : [`  anomalies: ${String(present)}`]),
        ...missing.map((lack) => `  does not count yet: ${lack}`),
        ...(baseline === null ? [NO_BASELINE] : []),
        `  row ${id}`,
      ].join("\n");
    return doneWith(options, data, say);
  });
};

const NO_BASELINE =
  "  no look: nothing says which provider is the baseline; say it once with --baseline NAME";

/** The configuration in this folder; null without one, since the rehearsal has no manual windows. */
function loadIfThere(environment: Environment): Configuration | null {
  return findConfiguration(environment.cwd) === undefined
    ? null
    : loadConfiguration({}, environment);
}

async function readWork(
  options: CompleteOptions,
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
