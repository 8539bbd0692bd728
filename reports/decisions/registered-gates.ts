import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { DEFAULT_GATES, GateFile } from "./gate-file.ts";

/** The thresholds as they were frozen, and as they were last amended; null where they were not. */
export interface RegisteredGates {
  readonly registered: GateFile;
  readonly amended: GateFile | null;
}

/** Reads the gates of an experiment's registration; the product's own, where it says nothing. */
export function readRegisteredGates(view: ExperimentView): RegisteredGates {
  const registration = latestOf(view.registrations.values())?.registration;
  const amendments = [...view.amendments.values()]
    .filter(({ amended }) => "gates" in amended)
    .toSorted((left, right) => left.seq - right.seq);
  return {
    registered: readGates(registration?.["gates"]) ?? DEFAULT_GATES,
    amended: readGates(amendments.at(-1)?.amended["gates"]),
  };
}

function readGates(recorded: unknown): GateFile | null {
  if (typeof recorded !== "object" || recorded === null) return null;
  const { sha256: _sha256, ...values } = { sha256: undefined, ...recorded };
  const gates = GateFile.safeParse(values);
  return gates.success ? gates.data : null;
}
