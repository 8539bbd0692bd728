import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import v8 from "node:v8";

import { Given, Then } from "@cucumber/cucumber";
import { execa } from "execa";
import { z } from "zod";

import { ProxiedRequest } from "../ledger/domain/proxied-request.ts";
import { openJsonlStore } from "../ledger/store/open-jsonl-store.ts";
import { cacheKey } from "../runner/platform/environment/cache-key.ts";
import { packageFolder } from "../runner/platform/environment/package-folder.ts";
import { keepOnce } from "./support/keep-once.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** 39 MB. */
const WINDOWS = 700;
const LEDGER = ".experiment/ledger";
const CACHE = ".cache/counterbalance";
const HEAD_BYTES = 4_096;

const CachedHead = z.object({ madeOf: z.string(), bytes: z.array(z.int()), mac: z.string() });
const Costly = z.looseObject({
  provider: z.string(),
  cost: z.looseObject({ amount: z.number() }),
});

const printed = new WeakMap<ExperimentWorld, string>();

function cached(world: ExperimentWorld): readonly string[] {
  const folder = world.file(CACHE);
  return readdirSync(folder).map((name) => path.join(folder, name));
}

function endingsIn(world: ExperimentWorld): readonly string[] {
  return cached(world)
    .map((file) => path.extname(file))
    .toSorted();
}

function usedIn(json: string): number {
  return JSON.parse(json).budgets.overall.used;
}

Given("a ledger of more than 32 MiB", async function (this: ExperimentWorld) {
  const script = path.join(packageFolder(), "runner/bench/report/fill-report-ledger.ts");
  const { folder } = await keepOnce("a large ledger", async (made) => {
    await execa(process.execPath, [script, path.join(made, "ledger"), String(WINDOWS)]);
  });
  cpSync(path.join(folder, "ledger"), this.file(LEDGER), { recursive: true });
});

Given(
  "a request of 1,000,000 tokens was added to the ledger",
  async function (this: ExperimentWorld) {
    await this.run("experiment preview --json");
    printed.set(this, this.last.stdout);
    this.isExitCodeSeen = true;
    const store = await openJsonlStore({
      folder: this.file(LEDGER),
      clock: this.clock,
      agentId: "a",
      toolVersion: "1",
    });
    const [row] = store.read("proxy_telemetry");
    const usage = { requests: 1, input_uncached: 1_000_000 };
    const { record, ...request } = { ...z.object(ProxiedRequest.shape).parse(row), usage };
    await store.append("proxy_telemetry", [{ record, schema_version: "1.0.0", ...request }]);
    await store.close();
  },
);

Given("a byte of each file in the cache was changed", function (this: ExperimentWorld) {
  for (const file of cached(this)) {
    const bytes = readFileSync(file);
    const at = bytes.length - 10;
    bytes.writeUInt8((bytes[at] ?? 0) ^ 1, at);
    writeFileSync(file, bytes);
  }
});

/** Its own part of a cached file, changed and signed again. */
function replaceCached(file: string, key: string | Buffer, change: (part: Buffer) => Buffer): void {
  const bytes = readFileSync(file);
  const head = CachedHead.parse(JSON.parse(bytes.toString("utf8", 0, HEAD_BYTES)));
  const [first = 0, ...others] = head.bytes;
  const end = HEAD_BYTES + first;
  const part = change(bytes.subarray(HEAD_BYTES, end));
  const lengths = [part.length, ...others];
  const rest = bytes.subarray(end);
  const mac = createHmac("sha256", key)
    .update(JSON.stringify([head.madeOf, lengths]))
    .update(part)
    .update(rest)
    .digest("hex");
  const signed = JSON.stringify({ ...head, bytes: lengths, mac }).padEnd(HEAD_BYTES);
  writeFileSync(file, Buffer.concat([Buffer.from(signed), part, rest]));
}

const OTHER_RATIOS: Readonly<Record<string, (part: Buffer) => Buffer>> = {
  report: (part) => Buffer.from(part.toString().replaceAll('"value":2.444', '"value":7.777')),
  /** The costs of the baseline are ten times what they were. */
  fold: (part) => {
    const fold: unknown = v8.deserialize(part);
    raiseCosts(fold);
    return v8.serialize(fold);
  },
};

function raiseCosts(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const { success, data } = Costly.safeParse(value);
  if (success && data.provider === "baseline") {
    Object.assign(value, { cost: { ...data.cost, amount: data.cost.amount * 10 } });
  }
  for (const inner of value instanceof Map ? value.values() : Object.values(value)) {
    raiseCosts(inner);
  }
}

Given(
  "somebody without the user's key put another cost ratio into the {word}",
  function (this: ExperimentWorld, cache: string) {
    const change = OTHER_RATIOS[cache];
    const file = cached(this).find((name) => name.endsWith(`.${cache}`));
    assert.ok(change !== undefined && file !== undefined, cache);
    replaceCached(file, "a key of somebody else", (part) => {
      const changed = change(part);
      assert.ok(!changed.equals(part));
      return changed;
    });
    // Otherwise the report would hide the fold.
    for (const other of cached(this)) if (other !== file) rmSync(other);
  },
);

Given(
  "each cache holds nonsense that is signed with the user's own key",
  function (this: ExperimentWorld) {
    const key = cacheKey(this);
    assert.ok(key !== undefined);
    for (const file of cached(this)) replaceCached(file, key, () => Buffer.from("nonsense"));
  },
);

Then(
  /^the cache holds (the fold and the sums|the fold, the sums and the report)$/u,
  function (this: ExperimentWorld, held: string) {
    const reports = held.includes("report") ? [".report"] : [];
    assert.deepEqual(endingsIn(this), [".fold", ...reports, ".sums"]);
  },
);

Then(
  "it counts the request, as a preview without the cache does",
  async function (this: ExperimentWorld) {
    assertCounted(this);
    await assertUncachedSame(this);
  },
);

function assertCounted(world: ExperimentWorld): void {
  world.isExitCodeSeen = true;
  const before = usedIn(printed.get(world) ?? "");
  assert.ok(usedIn(world.last.stdout) > before, String(before));
}

async function assertUncachedSame(world: ExperimentWorld): Promise<void> {
  const { stdout } = world.last;
  rmSync(world.file(CACHE), { recursive: true });
  await world.run("experiment preview --json");
  world.isExitCodeSeen = true;
  assert.equal(world.last.stdout, stdout);
}
