import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";

import { Given, Then, When } from "@cucumber/cucumber";

import { timestampOf } from "../ledger/domain/timestamp.ts";
import {
  HAS_POSTGRES,
  KILLABLE,
  startPrivateCluster,
  type PrivateCluster,
} from "../ledger/store/postgres/test-support/private-cluster.ts";
import { systemClock } from "../runner/platform/environment/environment.ts";
import { smallExperiment } from "./support/small-experiment.ts";
import { StoreProcess } from "./support/store-storm/store-process.ts";
import { StoreSamples } from "./support/store-storm/store-samples.ts";
import { readStormPlan, type StormPlan } from "./support/store-storm/storm-plan.ts";
import { Storm } from "./support/store-storm/storm.ts";
import type { ExperimentWorld } from "./support/world.ts";

interface Raged {
  readonly plan: StormPlan;
  readonly cluster: PrivateCluster;
  readonly address: string;
  result?: Result;
}

interface Result {
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
  readonly lost: readonly string[];
  readonly twice: readonly object[];
  readonly overCap: readonly unknown[];
}

const TASKS = ["lru-cache", "rate-limiter", "csv-records", "room-bookings"];
const REPLICATES = 2;
/** A window takes some seconds, so that most kills hit one. */
const LATENCY_MS = 300;
const HOURS_MS = 6 * 3_600_000;
/** A cap that is passed may be seen hundreds of times. */
const SHOWN = 5;
const raged = new WeakMap<ExperimentWorld, Raged>();

Given("a PostgreSQL server of its own as the store", async function (this: ExperimentWorld) {
  if (!HAS_POSTGRES) return "skipped";
  const plan = readStormPlan(process.env);
  const cluster = await startPrivateCluster([...KILLABLE, ...plan.settings]);
  this.cleanups.push(() => cluster.stop());
  const address = await cluster.makeDatabase();
  this.variables["COUNTERBALANCE_STORE"] = address;
  const pace = { replicates: REPLICATES, latencyMs: LATENCY_MS };
  this.write("experiment.yaml", smallExperiment({ features: TASKS, ...pace }));
  raged.set(this, { plan, cluster, address });
  return undefined;
});

When(
  "workers, coordinators and servers are killed, paused and cut off, and each is started again",
  { timeout: HOURS_MS },
  async function (this: ExperimentWorld) {
    const storming = ragedOver(this);
    const { address, plan } = storming;
    const samples = new StoreSamples(address);
    const storm = new Storm({ ...storming, place: this, trace: traceTo(plan.trace) });
    this.cleanups.push(() => storm.end());
    const sampling = samples.take();
    await storm.rage();
    samples.end();
    await sampling;
    storming.result = await count(storm, samples);
    say(plan, storming.result);
  },
);

Then(
  "every run has come to its end, no acknowledged row is lost, no window is final twice and no spending is over its cap",
  function (this: ExperimentWorld) {
    assertEnds(this);
    assertNoneLost(this);
    assertOnce(this);
    assertCap(this);
  },
);

function assertEnds(world: ExperimentWorld): void {
  const { faults, counts } = resultOf(world);
  assert.deepEqual(faults, []);
  assert.notEqual(counts["runs completed"], 0);
}

function assertNoneLost(world: ExperimentWorld): void {
  const { lost, counts } = resultOf(world);
  assert.deepEqual(lost.slice(0, SHOWN), []);
  assert.notEqual(counts["rows acknowledged"], 0);
}

function assertOnce(world: ExperimentWorld): void {
  const { twice, counts } = resultOf(world);
  assert.deepEqual(twice, []);
  assert.notEqual(counts["windows final"], 0);
}

function assertCap(world: ExperimentWorld): void {
  const { overCap, counts } = resultOf(world);
  assert.deepEqual(overCap.slice(0, SHOWN), []);
  assert.notEqual(counts["cap samples"], 0);
}

Then(
  "{string} finds nothing in the store and in its export",
  async function (this: ExperimentWorld, line: string) {
    const [, ...verify] = line.split(" ");
    const folder = this.file("coordinator");
    const { variables } = this;
    const calls = [
      verify,
      ["ledger", "export", "--to", "jsonl", "--out", "../export"],
      [...verify, "--data-dir", "../export"],
    ];
    for (const args of calls) {
      const { exitCode, said } = await new StoreProcess(args, { folder, variables }).ended;
      assert.equal(exitCode, 0, said);
    }
  },
);

/** Lines with their time and who said them. */
function traceTo(file: string | undefined): (who: string, text: string) => void {
  if (file === undefined) return () => undefined;
  return (who, text) => {
    const start = `${timestampOf(systemClock.nowMs())} ${who}: `;
    appendFileSync(file, `${text.trimEnd().replaceAll(/^/gmu, start)}\n`);
  };
}

function ragedOver(world: ExperimentWorld): Raged {
  const storming = raged.get(world);
  assert.ok(storming !== undefined);
  return storming;
}

function resultOf(world: ExperimentWorld): Result {
  const { result } = ragedOver(world);
  assert.ok(result !== undefined);
  return result;
}

async function count(storm: Storm, samples: StoreSamples): Promise<Result> {
  const lost = await samples.lost();
  const finals = await samples.finals();
  const twice = finals.filter(({ times }) => times > 1);
  const unkept = finalButNotKept(storm.saidFinal, finals);
  const { overCap, capSamples, acknowledged } = samples;
  const counts = {
    ...storm.done,
    "runs completed": storm.complete,
    ...prefixed("runs continued: ", storm.continued),
    "rows acknowledged": acknowledged,
    "rows lost": lost.length,
    "windows that workers called final": storm.saidFinal.length,
    "of these not in the store": unkept.length,
    "windows final": finals.length,
    "windows final twice": twice.length,
    "cap samples": capSamples,
    "caps passed": overCap.length,
  };
  return { counts, faults: storm.faults, lost: [...lost, ...unkept], twice, overCap };
}

/** Runs of one storm have windows of the same names, and a worker says the name only. */
function finalButNotKept(
  said: readonly string[],
  finals: readonly { readonly window: string }[],
): readonly string[] {
  const left = finals.map(({ window }) => window);
  return said.filter((window) => {
    const at = left.indexOf(window);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

function prefixed(prefix: string, counts: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(counts).map(([name, times]) => [prefix + name, times]));
}

function say({ seed }: StormPlan, { counts, faults }: Result): void {
  const lines = Object.entries(counts).map(
    ([name, times]) => `${String(times).padStart(6)} ${name}`,
  );
  process.stderr.write(`\n${[`Storm, seed ${String(seed)}:`, ...lines, ...faults].join("\n")}\n`);
}
