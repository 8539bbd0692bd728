import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import { openExperimentView } from "../../ledger/views/open-view.ts";
import { readHandQuestion } from "../../reports/decisions/hand-question.ts";
import type { Tracker } from "./tracker.ts";

/** Who might be the baseline of windows worked by hand. */
interface BaselineSources {
  /** What the operator says now. */
  readonly said: string | undefined;
  /** What the configuration says, where there is one; asked only where nothing is remembered. */
  readonly configured: () => string | null;
}

/**
 * Writes down which provider windows worked by hand are held against, where it is not remembered so
 * already: an amendment, since nothing was registered. Returns it; null where nobody says.
 */
export async function rememberBaseline(
  { store, agent }: Tracker,
  { said, configured }: BaselineSources,
): Promise<string | null> {
  const view = openExperimentView(store, MANUAL_EXPERIMENT, ["experiments"]);
  const remembered = readHandQuestion(view).baseline;
  const baseline = said ?? remembered ?? configured();
  if (baseline === null || baseline === remembered) return baseline;
  await store.append("experiments", [
    {
      record: "experiment_amended",
      source: "alias",
      agent_id: agent,
      experiment_id: MANUAL_EXPERIMENT,
      amended: { baseline },
    },
  ]);
  return baseline;
}
