import assert from "node:assert/strict";

import { Given, Then } from "@cucumber/cucumber";
import { parse, stringify } from "yaml";

import { systemClock } from "../runner/platform/environment/environment.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import {
  deltasOf,
  lastReadings,
  tellFromNowOn,
  useTellingVendor,
} from "./support/vendor-meters.ts";
import type { ExperimentWorld } from "./support/world.ts";

const FIVE_HOURS = "anthropic-ratelimit-unified-5h";
const HOUR_S = 3600;
const MINUTE_S = 60;
const MS_PER_SECOND = 1000;
const PERCENT = 100;
const REPLICATES = 2;

function nowS(): number {
  return Math.floor(systemClock.nowMs() / MS_PER_SECOND);
}

Given("a small experiment of one feature, twice", async function (this: ExperimentWorld) {
  await useTellingVendor(this);
  const file = parse(this.read("experiment.yaml"));
  file.tasks.replicates = REPLICATES;
  this.write("experiment.yaml", stringify(file));
});

Given(
  /^its vendor reports (another reset|a reset|\d+ percent more use) of its five hours (?:a minute ago )?with each answer$/u,
  function (this: ExperimentWorld, what: string) {
    const percent = /^\d+/u.exec(what)?.[0];
    const fromS = nowS();
    const resets: Readonly<Record<string, (nth: number) => number>> = {
      "another reset": (nth) => fromS + nth * HOUR_S,
      "a reset": () => fromS - MINUTE_S,
    };
    const resetOf = resets[what] ?? (() => fromS + HOUR_S);
    tellFromNowOn(this, (nth) => ({
      [`${FIVE_HOURS}-utilization`]: percent ? String((nth * Number(percent)) / PERCENT) : "0.5",
      [`${FIVE_HOURS}-reset`]: String(resetOf(nth)),
    }));
  },
);

Then(
  "every window's last reading has the meter {string} in percent, and each but the first has its own delta of {string}",
  function (this: ExperimentWorld, name: string, name2: string) {
    assertPercent(this, name);
    assertDeltas(this, name2);
  },
);

function assertPercent(world: ExperimentWorld, name: string): void {
  const readings = lastReadings(world);
  assert.equal(readings.length, 2 * REPLICATES);
  for (const { meters } of readings) {
    assert.equal(meters.find((meter) => meter.name === name)?.unit, "percent");
  }
}

function assertDeltas(world: ExperimentWorld, name: string): void {
  const known = deltasOf(world, name).map(
    (one) => one !== undefined && one.delta !== null && one.delta > 0,
  );
  assert.deepEqual(known, [false, true, true, true]);
}

Then(
  "each later window has the anomaly {string} and no delta of {string}",
  function (this: ExperimentWorld, kind: string, name: string) {
    const deltas = atLeastOne(deltasOf(this, name).slice(1));
    assert.deepEqual(
      deltas.map((one) => [one?.delta, one?.flag]),
      deltas.map(() => [null, kind]),
    );
    const kinds = this.rowsOf("anomalies", "anomaly_recorded").map((row) => row["kind"]);
    assert.deepEqual(
      kinds,
      deltas.map(() => kind),
    );
  },
);
