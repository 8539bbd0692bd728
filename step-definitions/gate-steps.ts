import assert from "node:assert/strict";

import { type DataTable, Given, Then, When } from "@cucumber/cucumber";

import { AnomalyRecorded } from "../ledger/domain/anomaly.ts";
import { LEDGER_FILES, type LedgerFile } from "../ledger/domain/ledger-file.ts";
import { GateReport } from "../reports/report/gate-report.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { addRow, correctionOf } from "./support/corrections.ts";
import { gateFileHash, registeredGatesHash } from "./support/gate-file-hash.ts";
import { correctFinal, gateLabOf, goOn, workSession } from "./support/gate-lab.ts";
import { finalRows } from "./support/ledger-windows.ts";
import { sessionOf } from "./support/session-phrases.ts";
import type { ExperimentWorld } from "./support/world.ts";

const CHEAP = "cheap";

Given(
  "a session of {int} pairs( is worked), in which:",
  async function (this: ExperimentWorld, pairs: number, lines: DataTable) {
    await workSession(this, sessionOf(pairs, lines.raw()));
  },
);

Given(
  "the windows of its first pair turn out to have been run in the other order",
  async function (this: ExperimentWorld) {
    const [first, second] = finalRows(this);
    assert.ok(first !== undefined && second !== undefined);
    await correctFinal(this, first.window, { executed_order: second.executed_order });
    await correctFinal(this, second.window, { executed_order: first.executed_order });
  },
);

Given(
  "the costs of its candidate turn out to have no bound",
  async function (this: ExperimentWorld) {
    const own = finalRows(this).filter(({ provider }) => provider === CHEAP);
    for (const [nth, row] of own.entries()) {
      const amount = nth % 4 < 2 ? Number.MAX_VALUE : Number.MIN_VALUE;
      await correctFinal(this, row.window, { cost: { ...row.cost, amount } });
    }
  },
);

Given(
  "another experiment of the ledger compared the same providers",
  async function (this: ExperimentWorld) {
    const [registered] = this.rowsOf("experiments", "experiment_registered");
    assert.ok(registered !== undefined);
    const { supersedes: _, ...same } = correctionOf(registered, { experiment_id: "fedcba987654" });
    await addRow(this, "experiments", same);
  },
);

When(
  /^the session continues( without the rule)?$/u,
  async function (this: ExperimentWorld, isWithout: string | undefined) {
    await goOn(this, isWithout ? { stopWhen: [] } : {});
  },
);

Given(
  "{int} features wait for capacity alone",
  async function (this: ExperimentWorld, count: number) {
    for (let nth = 1; nth <= count; nth += 1) {
      await this.run(`experiment backlog ready feature-${String(nth)}`);
      await this.run(`experiment backlog block feature-${String(nth)} --by capacity`);
    }
  },
);

Given(
  "the meter of {string} turns out to have gone backwards in its last {int} window(s)",
  async function (this: ExperimentWorld, provider: string, count: number) {
    const own = finalRows(this).filter((row) => row.provider === provider);
    assert.ok(own.length >= count);
    for (const { experiment_id, window } of own.slice(-count)) {
      await addRow(this, "anomalies", {
        record: "anomaly_recorded",
        experiment_id,
        kind: "negative-delta",
        window,
        provider,
        touches: [window],
        observed: { delta: -1 },
        action: "The delta is not counted.",
      });
    }
  },
);

Given(
  "a session with the rule {string} started and crashed",
  async function (this: ExperimentWorld, rule: string) {
    const [final] = finalRows(this);
    assert.ok(final !== undefined);
    await addRow(this, "experiments", {
      record: "session_opened",
      experiment_id: final.experiment_id,
      session_id: "crashed",
      resumed: true,
      settings: { stop_when: [rule] },
      versions: {},
    });
  },
);

Then("the session ends {word}", function (this: ExperimentWorld, reason: string) {
  assert.equal(gateLabOf(this).end.reason, reason);
});

Then(
  "every look has a decision after it with the hash of the gate file",
  function (this: ExperimentWorld) {
    const decisions = atLeastOne(this.rowsOf("decisions", "decision_made"));
    const looks = this.rowsOf("looks", "look_taken").map(({ id }) => id);
    const sha256 = registeredGatesHash(this);
    assert.deepEqual(
      decisions.map((row) => [row["look"], row["gates_sha256"]]),
      looks.map((id) => [id, sha256]),
    );
  },
);

Then("the JSON's gate file has the hash of its thresholds", function (this: ExperimentWorld) {
  const { gates } = GateReport.parse(JSON.parse(this.last.stdout));
  assert.equal(gates.sha256, gateFileHash(gates.thresholds));
  assert.equal(gates.registered_sha256, registeredGatesHash(this));
});

Then(
  "the ledger's {string} ends with an amendment of {string}",
  function (this: ExperimentWorld, file: string, part: string) {
    const last = this.rows(ledgerFile(file)).at(-1);
    assert.equal(last?.record, "experiment_amended");
    assert.deepEqual(Object.keys(Object(last["amended"])), [part]);
  },
);

Then(
  "the anomalies {string} on record name {int} and {int} windows",
  function (this: ExperimentWorld, kind: string, first: number, second: number) {
    const own = this.rowsOf("anomalies", "anomaly_recorded").filter((row) => row["kind"] === kind);
    const named = own.map((row) => AnomalyRecorded.parse(row).observed["windows"]);
    assert.deepEqual(
      named.map((windows) => Array.isArray(windows) && windows.length),
      [first, second],
    );
  },
);

function ledgerFile(name: string): LedgerFile {
  const file = LEDGER_FILES.find((one) => one === name);
  if (file === undefined) throw new Error(`There is no ledger file ${name}.`);
  return file;
}
