import { expect, it } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { prepareExperiment } from "../session/prepare-experiment.ts";
import { simulateWorkers } from "./test-support/simulate-workers.ts";

const environment = processEnvironment();
const SEEDS = Number(environment.variables["CLUSTER_SEEDS"] ?? "100");
/** In so many seeds, workers die, claims are lost and runs complete. */
const EVENTFUL_SEEDS = 50;
/** The first seed; set it, and CLUSTER_SEEDS=1, to replay a failure. */
const FIRST = Number(environment.variables["CLUSTER_FIRST_SEED"] ?? "1");

it(`loses no window, ends none twice and passes no cap: ${String(SEEDS)} seeds`, async () => {
  const experiment = prepareExperiment({ seed: "1" }, environment);
  const sums = { deaths: 0, lost: 0, complete: 0 };
  for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) {
    const { violations, end, deaths, lost } = await simulateWorkers(
      experiment,
      environment,
      String(seed),
    );
    const replay = `CLUSTER_FIRST_SEED=${String(seed)} CLUSTER_SEEDS=1 npx vitest run runner/experiment/cluster/simulation.test.ts`;
    expect(violations, `seed ${String(seed)} ends with ${end}: ${replay}`).toEqual([]);
    sums.deaths += deaths;
    sums.lost += lost;
    if (end === "complete") sums.complete += 1;
  }
  // A simulation in which nothing happens proves nothing.
  const isEventful = Object.values(sums).every((sum) => sum > 0);
  expect(isEventful || SEEDS < EVENTFUL_SEEDS).toBe(true);
});
