import type { Configuration } from "../../../plan/config/configuration.ts";
import { findConfiguration } from "../../../plan/config/find-configuration.ts";
import { loadConfiguration } from "../../../plan/config/load-configuration.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { auditManual } from "../../../tracker/windows/audit-window.ts";
import { completeWindow } from "../../../tracker/windows/complete-window.ts";
import { readCompletedWork } from "../../../tracker/windows/completed-work.ts";
import { nameOf } from "../../../tracker/windows/manual-window.ts";
import { withPresentDivergences } from "../../../tracker/windows/present-divergences.ts";
import { rememberBaseline } from "../../../tracker/windows/record-looks.ts";
import {
  checkProvider,
  chooseWindow,
  checkWindowOptions,
} from "../../../tracker/windows/window-options.ts";
import { withTracker } from "../../../tracker/windows/with-tracker.ts";
import type { CodeOf } from "../../definition.ts";
import { sayDelta, sayTokens } from "../../manual/show-reading.ts";
import { doneWith } from "../../result.ts";
import type { complete as definition } from "./definition.ts";

/** Makes a manual window final, and says what it still lacks. */
export const complete: CodeOf<typeof definition> = async (options, environment) => {
  checkWindowOptions(options);
  const said = await readCompletedWork(options, environment);
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
