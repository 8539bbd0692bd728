import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { Given, Then, When } from "@cucumber/cucumber";
import { parseCommandString } from "execa";
import { z } from "zod";

import type { Row } from "../ledger/domain/row.ts";
import { Machines } from "../reports/evidence/count-machines.ts";
import { HarnessProcess } from "./support/harness-process.ts";
import { smallExperiment } from "./support/small-experiment.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const Placed = z.object({ machine: z.object({ worker: z.string(), class: z.literal("made") }) });
const Reported = z.object({ machines: Machines });
const workers = new WeakMap<ExperimentWorld, Map<string, HarnessProcess>>();

Given(
  "the workers {string} and {string} of that store",
  function (this: ExperimentWorld, one, other) {
    for (const name of [String(one), String(other)]) startWorker(this, name, []);
  },
);

Given("the worker {string} of that store", function (this: ExperimentWorld, name: string) {
  startWorker(this, name, []);
});

Given("a worker of that store whose experiment has fewer tasks", function (this: ExperimentWorld) {
  this.write("experiment.yaml", smallExperiment({ features: ["lru-cache", "rate-limiter"] }));
  this.write("fewer.yaml", smallExperiment({ features: ["lru-cache"] }));
  startWorker(this, "fewer", ["--config", "fewer.yaml"]);
});

Given(
  "the workers {string} and {string} of that store, and {int} window(s) of a provider at once",
  function (this: ExperimentWorld, one: string, other: string, count: number) {
    const features = ["lru-cache", "rate-limiter", "csv-records", "room-bookings"];
    this.write("experiment.yaml", smallExperiment({ features, windows: count }));
    for (const name of [one, other])
      startWorker(this, name, ["--config", "experiment.yaml", "--slots", "2"]);
  },
);

Given(
  "a worker of that store with its bank and experiment, but no repository",
  function (this: ExperimentWorld) {
    cpSync(this.file("bank"), this.file("far/bank"), { recursive: true });
    cpSync(this.file("experiment.yaml"), this.file("far/experiment.yaml"));
    const variables = { COUNTERBALANCE_CACHE_DIR: this.file("far/cache") };
    startWorker(this, "far", ["--config", "far/experiment.yaml"], variables);
  },
);

When(
  "the first worker that begins a window of {string} is killed",
  async function (this: ExperimentWorld, line: string) {
    this.start(line);
    const all = [...(workers.get(this)?.values() ?? [])];
    const beginner = () => all.find((worker) => worker.printed().includes(": begun for"));
    await waitUntil(
      () => beginner() !== undefined,
      () => all.map((worker) => worker.printed()).join("\n"),
    );
    await beginner()?.kill();
    await this.finish();
  },
);

When("I start {string}", function (this: ExperimentWorld, line: string) {
  this.start(line);
});

Then(
  "the worker says {string} and {string}",
  async function (this: ExperimentWorld, one: string, other: string) {
    const worker = workerOf(this, "fewer");
    await worker.waitUntil(() => [one, other].every((text) => worker.printed().includes(text)));
    await waitUntil(
      () => this.running?.printed().includes("started") === true,
      () => this.running?.printed() ?? "",
    );
    this.running?.interrupt();
    await this.finish();
    this.isExitCodeSeen = true;
    assert.equal(windowRows(this, "window_opened").length, 0);
  },
);

Then(
  "each of its {int} windows is final once, on a worker of that store",
  function (this: ExperimentWorld, count: number) {
    const finals = windowRows(this, "window_finalized");
    assert.equal(finals.length, count);
    assert.equal(new Set(finals.map((row) => row["window"])).size, count);
    const names = new Set(workers.get(this)?.keys());
    for (const row of finals) {
      const { machine } = Placed.parse(row);
      assert.ok(names.has(machine.worker), machine.worker);
    }
  },
);

Then(
  "the second window of each pair was opened when the first was final",
  function (this: ExperimentWorld) {
    const rows = storeRows(this);
    const opened = rows.filter((row) => row.record === "window_opened" && row["period"] === 2);
    assert.notEqual(opened.length, 0);
    for (const second of opened) {
      const first = rows.find(
        (row) =>
          row.record === "window_finalized" &&
          row["feature_id"] === second["feature_id"] &&
          row["period"] === 1,
      );
      assert.ok(first !== undefined && first.seq < second.seq);
    }
  },
);

Then("no two windows of a provider overlap", function (this: ExperimentWorld) {
  const atWork = new Map<unknown, unknown>();
  for (const { record, provider, window } of storeRows(this)) {
    if (record === "window_opened") {
      assert.equal(atWork.get(provider), undefined, `${String(window)} began too early`);
      atWork.set(provider, window);
    }
    if (record === "window_finalized") atWork.delete(provider);
  }
});

Then(
  "{string} counts the windows of each worker",
  async function (this: ExperimentWorld, line: string) {
    await this.run(line);
    assert.equal(this.last.exitCode, 0, this.last.stderr);
    const { machines } = Reported.parse(JSON.parse(this.last.stdout));
    const placed = windowRows(this, "window_finalized").map((row) => ({
      worker: Placed.parse(row).machine.worker,
      provider: String(row["provider"]),
    }));
    const counted = machines.workers.flatMap(({ worker, windows }) =>
      windows.flatMap(({ provider, windows: count }) =>
        Array.from({ length: count }, () => ({ worker, provider })),
      ),
    );
    const sorted = (all: typeof placed) => all.map((one) => JSON.stringify(one)).toSorted();
    assert.deepEqual(sorted(counted), sorted(placed));
    assert.deepEqual(machines.mixed_pairs, []);
  },
);

Then("{int} attempt was interrupted", function (this: ExperimentWorld, count: number) {
  assert.equal(windowRows(this, "window_interrupted").length, count);
});

Then(
  "{string} prints {string}",
  async function (this: ExperimentWorld, line: string, text: string) {
    await this.run(line);
    assert.equal(this.last.exitCode, 0, this.last.stderr);
    this.isExitCodeSeen = true;
    assert.ok(this.last.stdout.includes(text), this.last.stdout);
  },
);

function startWorker(
  world: ExperimentWorld,
  name: string,
  ...[more, variables = {}]: [readonly string[], Readonly<Record<string, string>>?]
): void {
  if (world.variables["COUNTERBALANCE_STORE"] === undefined) return;
  const slots = more.includes("--slots") ? "" : " --slots 1";
  const line = `worker --name ${name} --class made${slots} --metrics 0 --data-dir ${name}`;
  const all = workers.get(world) ?? new Map<string, HarnessProcess>();
  workers.set(world, all);
  all.set(name, new HarnessProcess([...parseCommandString(line), ...more], world, variables));
}

function workerOf(world: ExperimentWorld, name: string): HarnessProcess {
  const worker = workers.get(world)?.get(name);
  assert.ok(worker !== undefined, name);
  return worker;
}

function windowRows(world: ExperimentWorld, record: string): readonly Row[] {
  return storeRows(world).filter((row) => row.record === record);
}

/** The rows of windows in this machine's copy of the store. */
function storeRows(world: ExperimentWorld): readonly Row[] {
  const stores = world.file(".experiment/stores");
  const [key = ""] = readdirSync(stores);
  const file = path.join(stores, key, "ledger", "windows.jsonl");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Row => JSON.parse(line));
}
