import type { ServerResponse } from "node:http";

import { SnapshotTaken } from "../../ledger/domain/snapshot.ts";
import { WindowFinalized } from "../../ledger/domain/window.ts";
import { useOwnUpstream } from "./own-upstream.ts";
import { sendAsStream } from "./upstream-answers.ts";
import type { ExperimentWorld } from "./world.ts";

/** Headers that a vendor sends with its nth answer. */
type Tells = (nth: number) => Readonly<Record<string, string>>;

const tellings = new WeakMap<ExperimentWorld, Tells>();

/** An experiment on an upstream that says about its plan what the scenario says. */
export async function useTellingVendor(world: ExperimentWorld): Promise<void> {
  await useOwnUpstream(world, (response, _, nth) => {
    tell(world, response, nth);
    sendAsStream(response, { outputTokens: 5 });
  });
}

/** Puts what the scenario's vendor tells with its nth answer into that answer. */
export function tell(world: ExperimentWorld, response: ServerResponse, nth: number): void {
  const tells = tellings.get(world)?.(nth) ?? {};
  for (const [name, value] of Object.entries(tells)) response.setHeader(name, value);
}

export function tellFromNowOn(world: ExperimentWorld, tells: Tells): void {
  tellings.set(world, tells);
}

/** The deltas of a meter in the order of the windows, which share an account; undefined where there is none. */
export function deltasOf(world: ExperimentWorld, meter: string) {
  return world
    .rowsOf("windows", "window_finalized")
    .map((row) => WindowFinalized.parse(row))
    .toSorted((left, right) => left.executed_order - right.executed_order)
    .map(({ capacity }) => capacity.find(({ name }) => name === meter));
}

/** The last readings of windows. */
export function lastReadings(world: ExperimentWorld) {
  return world
    .rowsOf("snapshots", "snapshot_taken")
    .map((row) => SnapshotTaken.parse(row))
    .filter(({ phase }) => phase === "after");
}
