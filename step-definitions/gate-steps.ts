import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";

import { AnomalyRecorded } from "../ledger/domain/anomaly.ts";
import { LEDGER_FILES, type LedgerFile } from "../ledger/domain/ledger-file.ts";
import { GateReport } from "../reports/gate/gate-report.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { addRow, correctionOf } from "./support/corrections.ts";
import { gateFileHash, registeredGatesHash } from "./support/gate-file-hash.ts";
import { correctFinal, gateLabOf, goOn, workSession } from "./support/gate-lab.ts";
import { finalRows } from "./support/ledger-windows.ts";
import type { ExperimentWorld } from "./support/world.ts";

const CHEAP = "cheap";

Given(
  "a session of {int} pairs has had a candidate that is {float} times cheaper",
  async function (this: ExperimentWorld, pairs: number, ratio: number) {
    await workSession(this, { pairs, ratios: { [CHEAP]: ratio } });
  },
);

When(
  "a session of {int} pairs has a candidate that is {float} times cheaper",
  async function (this: ExperimentWorld, pairs: number, ratio: number) {
    await workSession(this, { pairs, ratios: { [CHEAP]: ratio } });
  },
);

Given(
  "a session of {int} pairs has had a capped window of its candidate",
  async function (this: ExperimentWorld, pairs: number) {
    await workSession(this, { pairs, ratios: { [CHEAP]: 3 }, capped: CHEAP });
  },
);

Given(
  "a session of {int} pairs under the rule {string} has had a candidate that is {float} times cheaper",
  async function (this: ExperimentWorld, pairs: number, rule: string, ratio: number) {
    await workSession(this, { pairs, ratios: { [CHEAP]: ratio }, stopWhen: [rule] });
  },
);

When(
  "a session of {int} pairs under the rule {string} has a candidate with many errors",
  async function (this: ExperimentWorld, pairs: number, rule: string) {
    await workSession(this, {
      pairs,
      ratios: { [CHEAP]: 3 },
      errsOften: [CHEAP],
      stopWhen: [rule],
    });
  },
);

When(
  "a session of {int} pairs has a candidate with many errors",
  async function (this: ExperimentWorld, pairs: number) {
    await workSession(this, { pairs, ratios: { [CHEAP]: 3 }, errsOften: [CHEAP] });
  },
);

When(
  "a session of {int} pairs has a candidate that does nothing whenever it comes first",
  async function (this: ExperimentWorld, pairs: number) {
    await workSession(this, { pairs, ratios: { [CHEAP]: 3 }, idleWhenFirst: [CHEAP] });
  },
);

Given(
  "a session of {int} pairs has had a candidate that does nothing whenever it comes first",
  async function (this: ExperimentWorld, pairs: number) {
    await workSession(this, { pairs, ratios: { [CHEAP]: 3 }, idleWhenFirst: [CHEAP] });
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

When(
  "a session of {int} pairs has a second candidate whose meter goes backwards",
  async function (this: ExperimentWorld, pairs: number) {
    const ratios = { [CHEAP]: 3, broken: 3 };
    await workSession(this, { pairs, ratios, negativeDeltas: ["broken"] });
  },
);

Given(
  "a session of {int} pairs has had a candidate whose meter goes backwards",
  async function (this: ExperimentWorld, pairs: number) {
    await workSession(this, { pairs, ratios: { [CHEAP]: 3 }, negativeDeltas: [CHEAP] });
  },
);

Given(
  "a session of {int} pairs has compared sub-agents alone, of {int} and {int} tokens a window",
  async function (this: ExperimentWorld, pairs: number, base: number, cheap: number) {
    await workSession(this, {
      pairs,
      ratios: { [CHEAP]: 1 },
      subagents: { base, [CHEAP]: cheap },
      aloneAtFirst: CHEAP,
    });
  },
);

Given(
  "a session of {int} pairs has had candidates that are {string} times cheaper",
  async function (this: ExperimentWorld, pairs: number, candidates: string) {
    await workSession(this, { pairs, ratios: ratiosOf(candidates) });
  },
);

Given(
  "a session of {int} pairs has had candidates that are {string} times cheaper, and the sub-agents of {string} were routed elsewhere",
  async function (this: ExperimentWorld, pairs: number, candidates: string, routed: string) {
    const ratios = ratiosOf(candidates);
    await workSession(this, { pairs, ratios, routesSubagents: routed });
  },
);

Given(
  "a session of {int} pairs has had a candidate whose windows all cost the same",
  async function (this: ExperimentWorld, pairs: number) {
    await workSession(this, { pairs, ratios: { [CHEAP]: 3 }, isReplayed: true });
  },
);

Given(
  /^a session of (\d+) pairs has had a candidate whose every (\d+)th window went missing$/u,
  async function (this: ExperimentWorld, pairs: string, nth: string) {
    const ratios = { [CHEAP]: 3 };
    await workSession(this, { pairs: Number(pairs), ratios, missingEvery: Number(nth) });
  },
);

Given(
  "a session of {int} pairs has had a candidate that needs a second attempt at every window",
  async function (this: ExperimentWorld, pairs: number) {
    await workSession(this, { pairs, ratios: { [CHEAP]: 3 }, retried: CHEAP });
  },
);

Given(
  "a session of {int} pairs has had a baseline that needs a second attempt at every window",
  async function (this: ExperimentWorld, pairs: number) {
    await workSession(this, { pairs, ratios: { [CHEAP]: 3 }, retried: "base" });
  },
);

Given(
  "a session of {int} pairs has had a candidate without a sandbox",
  async function (this: ExperimentWorld, pairs: number) {
    await workSession(this, { pairs, ratios: { [CHEAP]: 3 }, unconfined: CHEAP });
  },
);

Given(
  "a session of {int} pairs has had tasks of {int} families",
  async function (this: ExperimentWorld, pairs: number, families: number) {
    await workSession(this, { pairs, ratios: { [CHEAP]: 3 }, families });
  },
);

Given(
  /^a session of (\d+) pairs has had tasks of (\d+) repositories that (are alike|differ)$/,
  async function (this: ExperimentWorld, pairs: string, repositories: string, how: string) {
    await workSession(this, {
      pairs: Number(pairs),
      ratios: { [CHEAP]: 3 },
      repositories: Number(repositories),
      repositoriesDiffer: how === "differ",
    });
  },
);

Given(
  "a session of {int} pairs has had tasks of at most {int} tokens",
  async function (this: ExperimentWorld, pairs: number, tokensMax: number) {
    await workSession(this, { pairs, ratios: { [CHEAP]: 3 }, tokensMax });
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

When("the session continues", async function (this: ExperimentWorld) {
  await goOn(this, {});
});

When("the session continues without the rule", async function (this: ExperimentWorld) {
  await goOn(this, { stopWhen: [] });
});

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
  "the gate has been asked once with {string}",
  async function (this: ExperimentWorld, options: string) {
    await this.run(`experiment gate ${options}`);
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

Given("a row of {string} was changed", function (this: ExperimentWorld, file: string) {
  const name = `.experiment/ledger/${file}.jsonl`;
  this.write(name, this.read(name).replace('"n_pairs":2', '"n_pairs":9'));
});

Then("the session ends {word}", function (this: ExperimentWorld, reason: string) {
  assert.equal(gateLabOf(this).end.reason, reason);
});

Then(
  "the looks count {int}, {int}, {int}, {int} pairs",
  function (this: ExperimentWorld, first: number, second: number, third: number, last: number) {
    const counted = this.rowsOf("looks", "look_taken").map((row) => row["n_pairs"]);
    assert.deepEqual(counted, [first, second, third, last]);
  },
);

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
  "the ledger's {string} has {int} rows",
  function (this: ExperimentWorld, file: string, count: number) {
    assert.equal(this.rows(ledgerFile(file)).length, count);
  },
);

Then(
  "the ledger's {string} has a row {string}",
  function (this: ExperimentWorld, file: string, record: string) {
    assert.ok(this.rowsOf(ledgerFile(file), record).length > 0);
  },
);

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

Then("the first line on stdout says {string}", function (this: ExperimentWorld, text: string) {
  assert.equal(this.last.stdout.split("\n")[0], text);
});

Then("the last decision says that it is amended", function (this: ExperimentWorld) {
  const last = atLeastOne(this.rowsOf("decisions", "decision_made")).at(-1);
  assert.equal(last?.["is_amended"], true);
});

Then("the last decision does not say that it is amended", function (this: ExperimentWorld) {
  const last = atLeastOne(this.rowsOf("decisions", "decision_made")).at(-1);
  assert.equal(last?.["is_amended"], undefined);
});

Then("no anomaly is on record", function (this: ExperimentWorld) {
  atLeastOne(this.rows("windows"));
  assert.deepEqual(this.rowsOf("anomalies", "anomaly_recorded"), []);
});

Then("{int} window is final", function (this: ExperimentWorld, count: number) {
  assert.equal(finalRows(this).length, count);
});

Then(
  "the file {string} says {string}",
  function (this: ExperimentWorld, name: string, text: string) {
    assert.ok(this.read(name).includes(text), this.read(name));
  },
);

/** `alpha 3, beta 1.2` as numbers by name. */
function ratiosOf(text: string): Readonly<Record<string, number>> {
  const candidates = text.split(", ").map((candidate) => candidate.split(" "));
  return Object.fromEntries(candidates.map(([name = "", ratio]) => [name, Number(ratio)]));
}

function ledgerFile(name: string): LedgerFile {
  const file = LEDGER_FILES.find((one) => one === name);
  if (file === undefined) throw new Error(`There is no ledger file ${name}.`);
  return file;
}
