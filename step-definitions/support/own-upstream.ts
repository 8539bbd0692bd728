import {
  type FakeUpstream,
  type Respond,
  startFakeUpstream,
} from "../../runner/gateway/proxy/test-support/fake-upstream.ts";
import { smallExperiment } from "./small-experiment.ts";
import type { ExperimentWorld } from "./world.ts";

const KEY_VARIABLE = "SPEC_PROVIDER_KEY";
/** What the provider asks for; it must be found nowhere but in the upstream's requests. */
export const PROVIDER_KEY = "sk-spec-2f61b7c04d9e8a35";

const upstreams = new WeakMap<ExperimentWorld, FakeUpstream>();

/** Writes a small experiment whose requests go to an upstream that answers as the scenario says. */
export async function useOwnUpstream(world: ExperimentWorld, respond: Respond): Promise<void> {
  const upstream = await startFakeUpstream(respond);
  upstreams.set(world, upstream);
  world.cleanups.push(() => upstream.stop());
  useUpstreamAt(world, upstream.origin);
}

export function useUpstreamAt(world: ExperimentWorld, url: string): void {
  world.variables[KEY_VARIABLE] = PROVIDER_KEY;
  const upstream = { url, keyVariable: KEY_VARIABLE };
  world.write("experiment.yaml", smallExperiment({ upstream }));
}

export function ownUpstreamOf(world: ExperimentWorld): FakeUpstream {
  const upstream = upstreams.get(world);
  if (upstream === undefined) throw new Error("The scenario has no upstream of its own.");
  return upstream;
}
