import type { LedgerReader } from "../../ledger/store/store.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { listExperiments } from "../../ledger/views/list-experiments.ts";
import { readRegistration } from "../evidence/registration.ts";

/** Another experiment of the ledger that asked the same, and what was last decided there. */
export interface OtherExperiment {
  readonly experiment_id: string;
  readonly candidate: string;
  /** As its row has it; null without a decision. */
  readonly verdict: string | null;
}

/**
 * Finds the experiments that compared one of these candidates with the same baseline. Each of them was
 * another chance for a false verdict, which no adjustment within one experiment knows about.
 */
export function findOthers(
  store: Pick<LedgerReader, "read">,
  view: ExperimentView,
): readonly OtherExperiment[] {
  const all = listExperiments(store.read("experiments"));
  const own = all.find(({ experimentId }) => experimentId === view.experimentId)?.registered;
  if (own === undefined) return [];
  const others = all.filter(
    ({ experimentId, registered }) =>
      experimentId !== view.experimentId && registered.baseline === own.baseline,
  );
  if (others.length === 0) return [];
  const candidates = candidatesOf(own);
  const verdicts = new Map(
    [...store.read("decisions")]
      .filter(({ record }) => record === "decision_made")
      .map((row) => [keyOf(row["experiment_id"], row["candidate"]), String(row["verdict"])]),
  );
  return others.flatMap(({ experimentId, registered }) =>
    candidatesOf(registered)
      .filter((candidate) => candidates.includes(candidate))
      .map((candidate) => ({
        experiment_id: experimentId,
        candidate,
        verdict: verdicts.get(keyOf(experimentId, candidate)) ?? null,
      })),
  );
}

function candidatesOf(registered: {
  readonly baseline: string;
  readonly registration: unknown;
}): readonly string[] {
  const { providers } = readRegistration(registered.registration);
  return providers.map(({ id }) => id).filter((id) => id !== registered.baseline);
}

function keyOf(experiment: unknown, candidate: unknown): string {
  return JSON.stringify([experiment, candidate]);
}
