import assert from "node:assert/strict";

import { type DataTable, Given, Then } from "@cucumber/cucumber";

import type { LedgerFile } from "../ledger/domain/ledger-file.ts";
import { LEDGER_FILES } from "../ledger/domain/ledger-file.ts";
import type { Row } from "../ledger/domain/row.ts";
import { Timestamp } from "../ledger/domain/timestamp.ts";
import { toolVersion } from "../runner/platform/environment/package-folder.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { keepLedger, labOf, ledgerText } from "./support/lab.ts";
import { finalRows } from "./support/ledger-windows.ts";
import { useOwnUpstream } from "./support/own-upstream.ts";
import { failureBody, sendJson } from "./support/upstream-answers.ts";
import type { ExperimentWorld } from "./support/world.ts";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const BAD_REQUEST = 400;
/** The ledger's own file, which the runner's rows are not in. */
const RUNNER_FILES = LEDGER_FILES.filter((file) => file !== "checkpoints");

/** What the ledger held when an upstream was asked, a request each. */
const seen = new WeakMap<ExperimentWorld, Map<LedgerFile, readonly Row[]>[]>();

Given("the ledger is read", function (this: ExperimentWorld) {
  keepLedger(this);
});

Given(
  "a small experiment whose upstream reads the ledger at each request",
  async function (this: ExperimentWorld) {
    const looks: Map<LedgerFile, readonly Row[]>[] = [];
    seen.set(this, looks);
    await useOwnUpstream(this, (response) => {
      looks.push(new Map(RUNNER_FILES.map((file) => [file, this.rows(file)])));
      sendJson(response, failureBody("Made up."), BAD_REQUEST);
    });
  },
);

Then(
  "these files hold these rows and no others:",
  function (this: ExperimentWorld, expected: DataTable) {
    for (const [file, records = ""] of expected.raw()) {
      const names = new Set(this.rows(fileNamed(file)).map(({ record }) => record));
      assert.deepEqual([...names].toSorted(), records.split(", ").toSorted(), file);
    }
  },
);

Then("the files of anomalies, handoffs and backlog hold nothing", function (this: ExperimentWorld) {
  for (const file of ["anomalies", "handoffs", "backlog"] as const) {
    assert.deepEqual(this.rows(file), []);
  }
});

Then(
  "every line of the ledger is one row with an id, a time and a version of its own, and says {string} as its source",
  function (this: ExperimentWorld, source: string) {
    assertLines(this);
    assertEnvelopes(this);
    assertTimes(this);
    assertIds(this);
    assertSource(this, source);
  },
);

function assertLines(world: ExperimentWorld): void {
  const texts = Object.entries(ledgerText(world)).filter(([, text]) => text !== "");
  for (const [file, text] of atLeastOne(texts)) {
    assert.ok(text.endsWith("\n"), file);
    const lines = text.split("\n").slice(0, -1);
    for (const line of lines) assert.equal(typeof JSON.parse(line).record, "string");
  }
}

function assertEnvelopes(world: ExperimentWorld): void {
  for (const row of everyRow(world)) {
    assert.match(row.record, /^[a-z_]+$/);
    assert.match(row.schema_version, /^\d+\.\d+$/);
    assert.equal(row.tool_version, toolVersion());
    assert.ok(row.agent_id.length > 0);
  }
}

function assertTimes(world: ExperimentWorld): void {
  for (const { recorded_at: at } of everyRow(world)) Timestamp.parse(at);
  for (const file of RUNNER_FILES) {
    const times = world.rows(file).map((row) => row.recorded_at);
    assert.deepEqual(times, times.toSorted());
  }
}

function assertIds(world: ExperimentWorld): void {
  const ids = everyRow(world).map(({ id }) => id);
  for (const id of ids) assert.match(id, UUID_V7);
  assert.equal(new Set(ids).size, ids.length);
}

function assertSource(world: ExperimentWorld, source: string): void {
  for (const row of everyRow(world)) assert.equal(row.source, source);
}

Then(
  "{string} and {string} hold more than before",
  function (this: ExperimentWorld, first: string, second: string) {
    const [before, now] = [labOf(this).ledgerBefore, ledgerText(this)];
    for (const file of [`${first}.jsonl`, `${second}.jsonl`]) {
      assert.ok((now[file] ?? "").length > (before?.[file] ?? "x").length, file);
    }
  },
);

Then(
  "at each window's first request the ledger already held:",
  function (this: ExperimentWorld, expected: DataTable) {
    const looks = seen.get(this) ?? [];
    const windows = finalRows(this).map(({ window }) => window);
    // Every window is tried equally often, one window after the other.
    const tries = looks.length / windows.length;
    assert.ok(Number.isInteger(tries), `${String(looks.length)} requests`);
    const firstLooks = looks.filter((_, index) => index % tries === 0);
    for (const [index, look] of atLeastOne(firstLooks).entries()) {
      for (const [file, record] of expected.raw()) {
        const rows = look.get(fileNamed(file)) ?? [];
        const found = rows.filter((row) => row.record === record && isOf(row, windows[index]));
        assert.equal(found.length, 1, `${file} ${record} ${windows[index]}`);
      }
    }
  },
);

Then(
  "the ledger holds two experiments of {int} final windows each, and every row names its own",
  function (this: ExperimentWorld, count: number) {
    assertTwoExperiments(this, count);
    assertNamed(this);
  },
);

function assertTwoExperiments(world: ExperimentWorld, count: number): void {
  const finals = experimentIds(world).map(
    (id) => finalRows(world).filter((row) => row.experiment_id === id).length,
  );
  assert.deepEqual(finals, [count, count]);
}

function assertNamed(world: ExperimentWorld): void {
  const ids = experimentIds(world);
  assert.equal(new Set(ids).size, 2);
  for (const row of everyRow(world)) assert.ok(ids.includes(String(row["experiment_id"])));
}

Then(
  "it prints the id of the first experiment and not that of the second",
  function (this: ExperimentWorld) {
    const [first, second] = experimentIds(this);
    assert.ok(this.last.stdout.includes(`[${first}]`), this.last.stdout);
    assert.ok(!this.last.stdout.includes(String(second)), this.last.stdout);
  },
);

function everyRow(world: ExperimentWorld): readonly Row[] {
  return atLeastOne(RUNNER_FILES.flatMap((file) => world.rows(file)));
}

function experimentIds(world: ExperimentWorld): readonly string[] {
  const registered = world.rowsOf("experiments", "experiment_registered");
  return registered.map((row) => String(row["experiment_id"]));
}

/** A row without a window belongs to them all. */
function isOf(row: Row, window: string | undefined): boolean {
  return row["window"] === undefined || row["window"] === window;
}

function fileNamed(name: string | undefined): LedgerFile {
  const file = LEDGER_FILES.find((each) => each === name);
  if (file === undefined) throw new Error(`The ledger has no file ${String(name)}.`);
  return file;
}
