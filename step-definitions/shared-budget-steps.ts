import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { Given, Then, When } from "@cucumber/cucumber";
import { parseCommandString } from "execa";

import type { Row } from "../ledger/domain/row.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { startCommand } from "./support/command-run.ts";
import { HarnessProcess } from "./support/harness-process.ts";
import { bodyFor, openProxyOf } from "./support/open-proxy.ts";
import { ProxyProcess } from "./support/proxy-process.ts";
import { SMALL_MODEL } from "./support/small-experiment.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** A little more than the second within which a proxy looks at what others have spent. */
const LATER_MS = 1100;
const BODY = bodyFor("claude-sonnet-4-5");
const OPEN_BODY = bodyFor("claude-sonnet-4-5", "");

const proxies = new WeakMap<ExperimentWorld, readonly ProxyProcess[]>();
/** Requests that no agent got an answer to. */
const killed = new WeakMap<ExperimentWorld, number>();
const runs = new WeakMap<ExperimentWorld, HarnessProcess>();

async function open(world: ExperimentWorld, count: number, options: string): Promise<void> {
  const args = parseCommandString(options);
  const opened = Array.from({ length: count }, () => new ProxyProcess(world, args));
  proxies.set(world, opened);
  await Promise.all(opened.map((proxy) => proxy.opened()));
}

function proxiesOf(world: ExperimentWorld): readonly [ProxyProcess, ...ProxyProcess[]] {
  const [first, ...others] = proxies.get(world) ?? [];
  assert.ok(first !== undefined, "No proxy is open.");
  return [first, ...others];
}

/** Rows of the proxies; an answer comes before its row is written. */
async function rowsByHand(
  world: ExperimentWorld,
  record: string,
  count: number,
): Promise<readonly Row[]> {
  const file = record === "request_proxied" ? "proxy_telemetry" : "budgets";
  const byHand = () =>
    world.rowsOf(file, record).filter((row) => row["experiment_id"] === "manual");
  await waitUntil(() => byHand().length >= count);
  return byHand();
}

Given(
  /^(a|two|\d+) prox(?:y|ies) of it (?:is|are) open in (?:a process of its|processes of their) own(?:, with "([^"]*)")?$/u,
  async function (this: ExperimentWorld, count: string, options: string | undefined) {
    await open(this, { a: 1, two: 2 }[count] ?? Number(count), options ?? "");
  },
);

Given(
  "the agent of each has taken {int} tokens",
  async function (this: ExperimentWorld, tokens: number) {
    const asked = proxiesOf(this);
    for (const proxy of asked) {
      assert.equal((await proxy.ask(BODY)).status, 200);
    }
    const debits = await rowsByHand(this, "budget_debited", asked.length);
    assert.deepEqual(
      debits.map((row) => row["total"]),
      asked.map(() => tokens),
    );
    assert.equal((await rowsByHand(this, "request_proxied", asked.length)).length, asked.length);
  },
);

When(
  /^the (first of them is closed|last of them is killed)$/u,
  async function (this: ExperimentWorld, which: string) {
    const [first, ...others] = proxiesOf(this);
    if (which.startsWith("last")) return await others.at(-1)?.kill();
    await first.interrupted();
    proxies.set(this, others);
  },
);

Then(
  /^the status lists (\d+) prox(?:y|ies)$/,
  async function (this: ExperimentWorld, count: string) {
    const place = { cwd: this.folder, variables: this.variables };
    const { stdout } = await startCommand(["proxy", "status", "--json"], place).ended;
    const { proxies: listed } = JSON.parse(stdout);
    assert.equal(listed.length, Number(count), stdout);
    assert.equal(
      new Set(listed.map(({ origin }: { origin: string }) => origin)).size,
      Number(count),
    );
  },
);

When(
  /^their agents ask at once(, for answers of any length,)? until they are refused$/u,
  async function (this: ExperimentWorld, isOpen: string | undefined) {
    const body = isOpen ? OPEN_BODY : BODY;
    await Promise.all(proxiesOf(this).map((proxy) => askUntilRefused(proxy, body)));
  },
);

Given(
  "{int} requests of the first are in flight, and it is killed",
  async function (this: ExperimentWorld, count: number) {
    const [first] = proxiesOf(this);
    const { respond } = openProxyOf(this);
    openProxyOf(this).respond = () => undefined;
    const before = answeredBy(this).length;
    for (let asked = 0; asked < count; asked += 1) void first.ask(BODY).catch(() => undefined);
    await waitUntil(() => answeredBy(this).length === before + count);
    await first.kill();
    openProxyOf(this).respond = respond;
    killed.set(this, count);
  },
);

When("the agent of the second asks until it is refused", async function (this: ExperimentWorld) {
  const [, second] = proxiesOf(this);
  assert.ok(second !== undefined);
  await askUntilRefused(second, BODY);
});

Then("their upstream has answered {int} requests", function (this: ExperimentWorld, count: number) {
  assert.equal(answeredBy(this).length - (killed.get(this) ?? 0), count);
});

/** As many requests at once as a busy agent with sub-agents has. */
async function askUntilRefused(proxy: ProxyProcess, body: string): Promise<void> {
  for (let statuses = [200]; statuses.every((status) => status === 200);) {
    const answers = await Promise.all(Array.from({ length: 8 }, () => proxy.ask(body)));
    statuses = answers.map(({ status }) => status);
  }
}

function answeredBy(world: ExperimentWorld): readonly unknown[] {
  return openProxyOf(world).upstreams.get("vendor")?.requests ?? [];
}

When(
  /^the agent of the first asks (again|twice) a second later$/u,
  async function (this: ExperimentWorld, times: string) {
    await sleep(LATER_MS);
    const [first] = proxiesOf(this);
    if (times === "twice") await first.ask(BODY);
    openProxyOf(this).answer = await first.ask(BODY);
  },
);

When(
  "the agents of both ask again a second later, and both are closed",
  async function (this: ExperimentWorld) {
    await sleep(LATER_MS);
    await Promise.all(proxiesOf(this).map((proxy) => proxy.ask(BODY)));
    await Promise.all(proxiesOf(this).map((proxy) => proxy.interrupted()));
  },
);

Then(
  /^(the first has|they have) said "(.*)" once(?: in all)?$/u,
  function (this: ExperimentWorld, who: string, sentence: string) {
    const printed = proxiesOf(this).map((proxy) => proxy.printed());
    const texts = who === "the first has" ? printed.slice(0, 1) : printed;
    assert.equal(texts.join("").split(sentence).length, 2, texts.join("\n"));
  },
);

When("both are closed at once", async function (this: ExperimentWorld) {
  const ends = await Promise.all(proxiesOf(this).map((proxy) => proxy.interrupted()));
  for (const { exitCode, stderr } of atLeastOne(ends)) assert.equal(exitCode, 0, stderr);
});

Then(
  "the {string} budget has refused it with {int} tokens used",
  async function (this: ExperimentWorld, budget: string, used: number) {
    const [refused, ...more] = await rowsByHand(this, "budget_refused", 1);
    assert.deepEqual(more, []);
    assert.partialDeepStrictEqual(refused, { budget, used, reserved: 0 });
  },
);

Then(
  "the first ends with exit code {int}, and says nothing of a defect",
  async function (this: ExperimentWorld, exitCode: number) {
    const [first] = proxiesOf(this);
    const end = await first.interrupted();
    assert.equal(end.exitCode, exitCode, end.stderr);
    assert.ok(!end.stderr.includes("defect"), end.stderr);
  },
);

Given(
  /^a proxy of it in a process of its own has a request in flight(, and is killed)?$/u,
  async function (this: ExperimentWorld, isKilled: string | undefined) {
    await leaveInFlight(this);
    const [first] = proxiesOf(this);
    if (isKilled) await first.kill();
  },
);

Then("its request is still in flight", function (this: ExperimentWorld) {
  assert.equal(this.rowsOf("budgets", "budget_reserved").length, 1);
  assert.deepEqual(this.rowsOf("budgets", "budget_debited").filter(isOfTokens), []);
});

/** Its upstream never answers. */
async function leaveInFlight(world: ExperimentWorld): Promise<void> {
  openProxyOf(world).respond = () => undefined;
  await open(world, 1, "");
  const [first] = proxiesOf(world);
  // The process is killed before it is answered.
  void first.ask(BODY).catch(() => undefined);
  const reserved = await rowsByHand(world, "budget_reserved", 1);
  assert.equal(reserved.length, 1);
}

function isOfTokens(row: Row): boolean {
  return row["unit"] !== "minutes";
}

Given("W0-01 runs in a run with {string}", async function (this: ExperimentWorld, options: string) {
  const run = new HarnessProcess(["run", ...parseCommandString(options)], this);
  runs.set(this, run);
  await run.waitUntil(() => this.rowsOf("windows", "window_opened").length > 0);
});

When(
  "the agent of the proxy takes more than {int} tokens",
  async function (this: ExperimentWorld, tokens: number) {
    const [first] = proxiesOf(this);
    const messages = [{ role: "user", content: "word ".repeat(tokens) }];
    await first.ask(JSON.stringify({ model: SMALL_MODEL, max_tokens: 5, messages }));
    const [debit] = await rowsByHand(this, "budget_debited", 1);
    assert.ok(Number(debit?.["total"]) > tokens, String(debit?.["total"]));
    assert.deepEqual(this.rowsOf("windows", "window_finalized"), []);
  },
);

When(
  "the agent of the proxy asks for {int} tokens a second later",
  async function (this: ExperimentWorld, tokens: number) {
    await sleep(LATER_MS);
    const [first] = proxiesOf(this);
    const messages = [{ role: "user", content: "word ".repeat(tokens) }];
    const body = JSON.stringify({ model: SMALL_MODEL, max_tokens: 5, messages });
    openProxyOf(this).answer = await first.ask(body);
  },
);

Then(
  "that run starts no other window, and says {string}",
  async function (this: ExperimentWorld, sentence: string) {
    const run = runs.get(this);
    await run?.waitUntil(() => run.printed().includes(sentence));
    assert.equal(this.rowsOf("windows", "window_opened").length, 1);
  },
);
