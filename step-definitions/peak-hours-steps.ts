import assert from "node:assert/strict";

import { type DataTable, Given, Then, When } from "@cucumber/cucumber";
import { parse, stringify } from "yaml";

import { atLeastOne } from "./support/at-least-one.ts";
import { finalRows } from "./support/ledger-windows.ts";
import { reportRows } from "./support/report-files.ts";
import { setClock } from "./support/set-clock.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  "these models cost twice as much at their peak:",
  function (this: ExperimentWorld, table: DataTable) {
    for (const { MODEL = "", FROM: from, TO: to, ZONE: zone, DAYS = "" } of table.hashes()) {
      changeFile(this, (file) => withPeak(file, MODEL, { zone, days: DAYS.split(", "), from, to }));
    }
  },
);

Given("the clock says {string}", function (this: ExperimentWorld, moment: string) {
  setClock(this, moment);
});

Given("the run says {string}", async function (this: ExperimentWorld, text: string) {
  await waitUntilSaid(this, text);
});

Given(
  "a run of it with {string} that says {string}, was interrupted and says how to resume",
  async function (this: ExperimentWorld, options: string, text: string) {
    this.start(`experiment run ${options}`);
    await waitUntilSaid(this, text);
    this.running?.interrupt();
    await this.finish();
    const { exitCode, stderr } = this.last;
    assert.equal(exitCode, 130, stderr);
    assert.ok(stderr.includes(`Continue with: experiment run ${options} --resume\n`), stderr);
  },
);

Given(
  "a run of it during whose first window the clock comes to {string}",
  async function (this: ExperimentWorld, moment: string) {
    this.start("experiment run");
    await waitUntil(() => this.rowsOf("proxy_telemetry", "request_proxied").length > 0);
    assert.deepEqual(finalRows(this), []);
    setClock(this, moment);
  },
);

When("the clock comes to {string}", async function (this: ExperimentWorld, moment: string) {
  setClock(this, moment);
  await this.finish();
});

Then(
  "{int} windows are final, each opened in the hours of its matched set",
  function (this: ExperimentWorld, count: number) {
    const hours = hoursByWindow(this);
    const opened = this.rowsOf("windows", "window_opened");
    assert.equal(finalRows(this).length, count);
    assert.deepEqual(
      atLeastOne(opened).map((row) => [row["window"], hoursAt(row.recorded_at)]),
      opened.map((row) => [row["window"], hours.get(String(row["window"]))]),
    );
    assert.equal(new Set(hours.values()).size, 2);
  },
);

Then(
  "{string} is on record for the first window alone, and is in the report",
  function (this: ExperimentWorld, kind: string) {
    const window = this.rowsOf("windows", "window_opened")[0]?.["window"];
    assert.deepEqual(
      this.rowsOf("anomalies", "anomaly_recorded").map((row) => [row["kind"], row["touches"]]),
      [[kind, [window]]],
    );
    const told = reportRows(this).filter((cells) => cells.includes(kind));
    assert.deepEqual(
      told.map((cells) => cells.slice(0, 3)),
      [["1", kind, window]],
    );
  },
);

/** By UTC, on a day of work: 14:00 in Shanghai is 06:00. */
function hoursAt(recordedAt: string): string {
  const time = recordedAt.slice("2026-11-23T".length);
  return time >= "06" && time < "10" ? "peak" : "off-peak";
}

function hoursByWindow(world: ExperimentWorld): ReadonlyMap<string, string> {
  const [registered] = world.rowsOf("experiments", "experiment_registered");
  const { assignments }: { assignments: readonly { hours: string; windows: string[] }[] } = Object(
    registered?.["registration"],
  );
  return new Map(
    assignments.flatMap(({ hours, windows }) => windows.map((window) => [window, hours] as const)),
  );
}

type File = Readonly<Record<string, unknown>>;

function changeFile(world: ExperimentWorld, change: (file: File) => File): void {
  world.write("experiment.yaml", stringify(change(parse(world.read("experiment.yaml")))));
}

function withPeak(file: File, model: string, peak: object): File {
  const price = { input: 1, output: 1, peak: { ...peak, factor: 2 } };
  return { ...file, prices: { ...Object(file["prices"]), [model]: price } };
}

async function waitUntilSaid(world: ExperimentWorld, text: string): Promise<void> {
  const printed = () => world.running?.printed() ?? "";
  await waitUntil(() => printed().includes(text), printed);
}
