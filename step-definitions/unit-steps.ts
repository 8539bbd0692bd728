import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";
import { mean } from "simple-statistics";

import { BudgetRefused } from "../ledger/domain/budget-event.ts";
import type { Row } from "../ledger/domain/row.ts";
import { epochMsOf } from "../ledger/domain/timestamp.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { debitsOf } from "./support/ledger-figures.ts";
import { finalOf, finalRows, interruptedRows, requestRows } from "./support/ledger-windows.ts";
import { bodyFor, openProxyOf } from "./support/open-proxy.ts";
import { useOwnUpstream } from "./support/own-upstream.ts";
import { SMALL_MODELS, smallExperiment } from "./support/small-experiment.ts";
import { sendAsStream } from "./support/upstream-answers.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const LOOK_AROUND = { type: "tool_use", id: "toolu_1", name: "list_files", input: {} };
const DOLLARS_PER_MILLION = 1000;
const PRICES = {
  input: DOLLARS_PER_MILLION,
  output: DOLLARS_PER_MILLION,
  cache_read: 100,
  cache_write_5m: 1250,
  cache_write_1h: 2000,
};
const NANO = 1e9;
const MS_PER_HOUR = 3_600_000;

Given("a small experiment whose thousand tokens cost 1 dollar", function (this: ExperimentWorld) {
  const prices = JSON.stringify(Object.fromEntries(SMALL_MODELS.map((model) => [model, PRICES])));
  const yaml = smallExperiment({ answerTokens: 1000 });
  this.write("experiment.yaml", `${yaml}prices: ${prices}\n`);
});

Given(
  "a small experiment of two simultaneous features whose upstream answers once with {int} tokens",
  async function (this: ExperimentWorld, outputTokens: number) {
    const first = { content: [LOOK_AROUND], stopReason: "tool_use", outputTokens } as const;
    const second = { ...first, outputTokens: 5 };
    await useOwnUpstream(this, (response, _, nth) =>
      sendAsStream(response, [first, second][nth - 1] ?? { outputTokens: 5 }),
    );
    const file = this.read("experiment.yaml");
    const twofold = file.replace("- lru-cache", "- lru-cache\n    - rate-limiter");
    this.write(
      "experiment.yaml",
      twofold
        .replace("concurrency: 1", "concurrency: 2")
        .replaceAll("upstream: models", "upstream: models\n    windows: 2"),
    );
  },
);

Given(
  "{string} runs until it says {string}",
  async function (this: ExperimentWorld, line: string, text: string) {
    this.start(line);
    const printed = () => this.running?.printed() ?? "";
    await waitUntil(() => printed().includes(text), printed);
  },
);

Given(
  "a run of {string} that the period has refused a request",
  async function (this: ExperimentWorld, options: string) {
    const isRefused = () => periodRefusals(this).length > 0;
    await runUntil(this, options, isRefused);
  },
);

function periodRefusals(world: ExperimentWorld): readonly Row[] {
  return world.rowsOf("budgets", "budget_refused").filter((row) => row["scope"] === "period");
}

Given(
  "the period has refused the main agent of plain, and says when there is room",
  async function (this: ExperimentWorld) {
    const body = bodyFor("claude-sonnet-4-5");
    for (const status of [200, 402]) {
      await openProxyOf(this).ask("plain", body, false);
      assert.equal(openProxyOf(this).answer?.status, status);
    }
    await waitUntil(() => periodRefusals(this).length > 0);
    const [refusal] = periodRefusals(this);
    assert.match(String(refusal?.["frees_at"]), /^2026-11-23T11:00:0/);
  },
);

/** Starts a run, and waits until something can be seen of it. */
async function runUntil(
  world: ExperimentWorld,
  options: string,
  isSeen: () => boolean,
): Promise<void> {
  world.start(`experiment run ${options}`);
  await waitUntil(isSeen, () => world.running?.printed() ?? "");
}

When("the waiting run is interrupted", async function (this: ExperimentWorld) {
  this.running?.interrupt();
  await this.finish();
});

Then(
  "the debited dollars are what the requests cost, to the nano-dollar",
  function (this: ExperimentWorld) {
    const debited = sumNanos(debitsOf(this).map(({ delta_usd: delta = Number.NaN }) => delta));
    const cost = sumNanos(requestRows(this).map(({ cost_usd: usd }) => usd ?? Number.NaN));
    assert.ok(debited > 0);
    assert.equal(debited, cost);
  },
);

Then(
  "the debits add up to the tokens by their price against plain input",
  function (this: ExperimentWorld) {
    const billable = requestRows(this).map(({ usage }) =>
      Math.ceil(
        (usage?.input_uncached ?? 0) +
          (usage?.output ?? 0) +
          ((usage?.cache_read ?? 0) * PRICES.cache_read) / DOLLARS_PER_MILLION +
          ((usage?.cache_write_5m ?? 0) * PRICES.cache_write_5m) / DOLLARS_PER_MILLION,
      ),
    );
    const debited = debitsOf(this).reduce((sum, { delta }) => sum + delta, 0);
    assert.equal(
      debited,
      billable.reduce((sum, tokens) => sum + tokens, 0),
    );
  },
);

Then(
  "every attempt is debited at least {float} minutes",
  function (this: ExperimentWorld, least: number) {
    const times = this.rowsOf("budgets", "budget_debited").filter(
      (row) => row["unit"] === "minutes",
    );
    assert.equal(times.length, finalRows(this).length);
    for (const { minutes } of atLeastOne(times)) {
      assert.ok(Number(minutes) >= least, String(minutes));
    }
  },
);

Then(
  "in every window requests reach the model at least {int} ms apart on average",
  function (this: ExperimentWorld, apartMs: number) {
    const windows = Map.groupBy(this.rowsOf("budgets", "budget_reserved"), (row) => row["window"]);
    assert.ok(windows.size > 1);
    for (const rows of windows.values()) {
      const times = rows.map(({ recorded_at: at }) => epochMsOf(at));
      const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
      assert.ok(gaps.length > 0);
      // A busy machine writes one row late and the next in time.
      assert.ok(mean(gaps) >= apartMs, gaps.join(", "));
    }
  },
);

Then(
  "W0-02 was opened {int} hours after the last debit of W0-01",
  function (this: ExperimentWorld, hours: number) {
    const [openedMs = 0] = momentsOf(this.rowsOf("windows", "window_opened"), "W0-02");
    const debits = this.rowsOf("budgets", "budget_debited").filter((row) => row["delta"] !== 0);
    const debitedMs = momentsOf(debits, "W0-01");
    assert.ok(debitedMs.length > 0);
    assert.ok(openedMs - Math.max(...debitedMs) >= hours * MS_PER_HOUR);
  },
);

function momentsOf(rows: readonly Row[], window: string): readonly number[] {
  return rows.filter((row) => row["window"] === window).map((row) => epochMsOf(row.recorded_at));
}

Then(
  "one attempt is interrupted as {string}, its window is final at attempt {int}, and the refusal says when there is room",
  function (this: ExperimentWorld, outcome: string, attempt: number) {
    assertRetried(this, outcome, attempt);
    assertRoomIsSaid(this);
  },
);

function assertRetried(world: ExperimentWorld, outcome: string, attempt: number): void {
  const interrupted = interruptedRows(world);
  assert.deepEqual(
    interrupted.map((row) => row.outcome),
    [outcome],
  );
  assert.equal(finalOf(world, interrupted[0]?.window ?? "").attempt, attempt);
}

function assertRoomIsSaid(world: ExperimentWorld): void {
  const rows = periodRefusals(world);
  assert.equal(rows.length, 1);
  for (const row of rows) {
    const { frees_at: freesAt } = BudgetRefused.parse(row);
    assert.ok(epochMsOf(freesAt ?? "") > epochMsOf(row.recorded_at));
  }
}

function sumNanos(dollars: readonly number[]): number {
  return dollars.reduce((total, amount) => total + Math.round(amount * NANO), 0);
}
