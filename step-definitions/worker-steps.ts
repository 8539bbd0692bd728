import assert from "node:assert/strict";
import { cpSync } from "node:fs";

import { Given, Then, When } from "@cucumber/cucumber";
import { z } from "zod";

import { EXIT } from "../ledger/domain/exit-codes.ts";
import { Machines } from "../reports/evidence/count-machines.ts";
import { startCommand } from "./support/command-run.ts";
import { HarnessProcess } from "./support/harness-process.ts";
import { labOf } from "./support/lab.ts";
import { smallExperiment } from "./support/small-experiment.ts";
import { copyProgram, startWorker, workersOf } from "./support/store-workers.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const Placed = z.object({ machine: z.object({ worker: z.string(), class: z.literal("made") }) });
/** The model's longest answer: nothing ends before the run does. */
const ANSWER_MS = 60_000;
const CONFIG = ["--config", "experiment.yaml"];
const Reported = z.object({ machines: Machines });

Given(
  /^the workers? "([^"]+)"(?: and "([^"]+)")? of that store(?:, with "([^"]+)")?$/u,
  function (this: ExperimentWorld, one: string, other?: string, options?: string) {
    const more = options ? options.split(" ") : [];
    for (const name of [one, ...(other ? [other] : [])]) startWorker(this, name, { more });
  },
);

Given(
  "a worker {string} of that store with the version {string}",
  function (this: ExperimentWorld, name: string, version: string) {
    startWorker(this, name, { program: copyProgram(this, version) });
  },
);

Given(
  "a worker {string} of that store with the key {string}",
  function (this: ExperimentWorld, name: string, key: string) {
    startWorker(this, name, { variables: { VENDOR_API_KEY: key } });
  },
);

Given(
  "{string} was interrupted when a window was final",
  async function (this: ExperimentWorld, line: string) {
    this.start(line);
    await waitUntil(
      () => this.running?.printed().includes("1 of 8 final") === true,
      () => this.running?.printed() ?? "",
    );
    this.running?.interrupt();
    await this.finish();
    this.isExitCodeSeen = true;
    assert.equal(this.last.exitCode, EXIT.interrupted, this.last.stderr);
  },
);

Given(
  "a worker {string} of that store, and a run in a process of its own whose window it works",
  async function (this: ExperimentWorld, name: string) {
    this.write("experiment.yaml", smallExperiment({ latencyMs: ANSWER_MS }));
    startWorker(this, name, { more: CONFIG });
    const run = new HarnessProcess(["run", ...CONFIG], this);
    labOf(this).harness = run;
    await run.waitUntil(() => run.printed().includes("W0-01 working"));
  },
);

Given(
  /^its worker (continues|is killed|is paused)$/u,
  function (this: ExperimentWorld, what: string) {
    const signals = { "is killed": "SIGKILL", "is paused": "SIGSTOP" } as const;
    const signal = Object.entries(signals).find(([name]) => name === what)?.[1];
    if (signal === undefined) return;
    for (const worker of workersOf(this).values()) worker.signal(signal);
  },
);

Given(
  "the coordinator of the experiment with more tasks was killed",
  async function (this: ExperimentWorld) {
    if (this.variables["COUNTERBALANCE_STORE"] === undefined) return;
    const line = ["run", "--config", "experiment.yaml", "--data-dir", "killed"];
    const coordinator = new HarnessProcess(line, this);
    const worker = workersOf(this).get("fewer");
    // Its session is open, and the worker has refused it.
    await worker?.waitUntil(() => worker.printed().includes("takes no windows"));
    await coordinator.kill();
  },
);

Given(
  "a worker of that store with its bank and experiment, but no repository",
  function (this: ExperimentWorld) {
    cpSync(this.file("bank"), this.file("far/bank"), { recursive: true });
    cpSync(this.file("experiment.yaml"), this.file("far/experiment.yaml"));
    const variables = { COUNTERBALANCE_CACHE_DIR: this.file("far/cache") };
    startWorker(this, "far", { more: ["--config", "far/experiment.yaml"], variables });
  },
);

When(
  "the first worker that begins a window of {string} is killed",
  async function (this: ExperimentWorld, line: string) {
    this.start(line);
    const all = [...workersOf(this).values()];
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
  'worker, run and "experiment watch --once" say {string} and {string}',
  async function (this: ExperimentWorld, one: string, other: string) {
    const place = { cwd: this.folder, variables: this.variables };
    const [worker] = workersOf(this).values();
    const said = async () => [
      worker?.printed() ?? "",
      this.running?.printed() ?? "",
      (await startCommand(["watch", "--once"], place).ended).stdout,
    ];
    await waitUntil(
      async () => (await said()).every((text) => text.includes(one) && text.includes(other)),
      () => `${worker?.printed() ?? ""}\n${this.running?.printed() ?? ""}`,
    );
    this.running?.interrupt();
    await this.finish();
    this.isExitCodeSeen = true;
    assert.deepEqual(this.rowsOf("windows", "window_opened"), []);
  },
);

Then(
  "each of its {int} windows is final once, on a worker of that store",
  function (this: ExperimentWorld, count: number) {
    const finals = this.rowsOf("windows", "window_finalized");
    assert.equal(finals.length, count);
    assert.equal(new Set(finals.map((row) => row["window"])).size, count);
    const names = new Set(workersOf(this).keys());
    for (const row of finals) {
      const { machine } = Placed.parse(row);
      assert.ok(names.has(machine.worker), machine.worker);
    }
  },
);

Then(
  "the second window of each pair was opened when the first was final",
  function (this: ExperimentWorld) {
    const rows = this.rows("windows");
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

Then(
  "{string} counts the windows of each worker",
  async function (this: ExperimentWorld, line: string) {
    await this.run(line);
    assert.equal(this.last.exitCode, 0, this.last.stderr);
    const { machines } = Reported.parse(JSON.parse(this.last.stdout));
    const placed = this.rowsOf("windows", "window_finalized").map((row) => ({
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
