import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";
import { z } from "zod";

import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import { openPriceBook } from "../../runner/gateway/prices/price-book.ts";
import { stepsOf } from "../../runner/gateway/prices/request-dollars.ts";
import { SHIPPED_PRICES } from "../../runner/gateway/prices/shipped-prices.ts";
import { processEnvironment } from "../../runner/platform/environment/environment.ts";
import { findExecutable } from "../../runner/platform/processes/find-executable.ts";
import { temporaryFolder } from "../../runner/platform/test-support/temporary-folder.ts";
import { judgeDifferences, KNOWN_DIFFERENCES } from "./price-differences.ts";

const { variables } = processEnvironment();
const BOOK = openPriceBook({ own: null, shipped: SHIPPED_PRICES });
/** Without these two programs nothing can be compared, and in CI nobody would notice. */
const [PI, CCUSAGE] = await Promise.all(
  ["pi", "ccusage"].map(async (name) => await findExecutable(name, variables["PATH"])),
);
const isCi = variables["CI"] === "true";

const Classes = {
  input: z.number(),
  output: z.number(),
  cacheRead: z.number(),
  cacheWrite: z.number(),
};
const Cost = z.object({
  ...Classes,
  tiers: z.array(z.object({ inputTokensAbove: z.number(), ...Classes })).optional(),
});
type Cost = z.infer<typeof Cost>;
const Catalogue = z.record(
  z.string(),
  z.record(z.string(), z.object({ id: z.string(), cost: Cost })),
);

/** Vendors that sell their own models, and the gateways whose prefixes are known. */
const SOLD_BY = [
  "amazon-bedrock",
  "anthropic",
  "deepseek",
  "google",
  "google-vertex",
  "kimi-coding",
  "meta",
  "minimax",
  "mistral",
  "moonshotai",
  "openai",
  "openai-codex",
  "openrouter",
  "xai",
  "zai",
];
const AT_OPENROUTER =
  /^(?:anthropic|deepseek|google|minimax|mistralai|moonshotai|openai|qwen|x-ai|z-ai)\//;

function cataloguesOfPi(program: string) {
  const packages = path.resolve(path.dirname(realpathSync(program)), "../../..");
  const folder = path.join(packages, "pi-ai/dist/providers/data");
  expect(readdirSync(folder)).toContain("anthropic.json");
  return SOLD_BY.flatMap((vendor) => {
    const groups = Catalogue.parse(
      JSON.parse(readFileSync(path.join(folder, `${vendor}.json`), "utf8")),
    );
    return Object.values(groups)
      .flatMap((group) => Object.values(group))
      .filter(({ id, cost }) => cost.input > 0 && isOurs(vendor, id))
      .map(({ id, cost }) => ({ catalogue: `pi: ${vendor}`, model: id, cost }));
  });
}

function isOurs(vendor: string, model: string): boolean {
  return vendor !== "openrouter" || AT_OPENROUTER.test(model);
}

/** A class of 0 is not known there. */
function isSamePrice(model: string, cost: Cost): boolean {
  const found = BOOK.find(model);
  if (found === undefined) return false;
  const { price, factor } = found;
  const steps = stepsOf(price);
  const pairs = [
    [price, cost] as const,
    ...(cost.tiers ?? []).map((tier) => {
      const own = steps.find(({ above_tokens: above }) => above === tier.inputTokensAbove);
      return [own ?? { input: 0, output: 0 }, tier] as const;
    }),
  ];
  return pairs.every(([ours, theirs]) =>
    (
      [
        [ours.input, theirs.input],
        [ours.output, theirs.output],
        [ours.cache_read, theirs.cacheRead],
        [ours.cache_write_5m, theirs.cacheWrite],
      ] as const
    ).every(([own = 0, their]) => their === 0 || Math.abs(own * factor - their) < 1e-9),
  );
}

function reasonsFor(catalogue: RegExp) {
  return KNOWN_DIFFERENCES.filter((known) => catalogue.test(known.catalogue));
}

test.skipIf(PI === undefined && !isCi)(
  "every model of the vendors in pi's catalogue has that price here, or a reason why not",
  () => {
    const all = cataloguesOfPi(PI ?? "");
    expect(all.length).toBeGreaterThan(400);
    const differing = all.filter(({ model, cost }) => !isSamePrice(model, cost));
    const { unexplained, unused } = judgeDifferences(differing);
    expect(unexplained).toEqual([]);
    expect(unused.filter((one) => reasonsFor(/^pi: /).includes(one))).toEqual([]);
  },
);

const SECOND = "2026-11-20T12:00:00.000Z";
const TOKENS = 1000;

/** Each model answers once, in all classes that have a price here. */
function logOf(model: string, index: number): string {
  const price = BOOK.find(model)?.price;
  return JSON.stringify({
    isSidechain: false,
    sessionId: "11111111-1111-4111-8111-111111111111",
    version: "2.1.329",
    type: "assistant",
    timestamp: SECOND,
    requestId: `req_${index}`,
    uuid: `uuid-${index}`,
    message: {
      id: `msg_${index}`,
      type: "message",
      role: "assistant",
      model,
      content: [],
      usage: {
        input_tokens: TOKENS,
        output_tokens: TOKENS,
        cache_read_input_tokens: price?.cache_read === undefined ? 0 : TOKENS,
        cache_creation_input_tokens: price?.cache_write_5m === undefined ? 0 : TOKENS,
      },
    },
  });
}

const Daily = z.object({
  daily: z.array(
    z.object({
      modelBreakdowns: z.array(
        z.object({
          modelName: z.string(),
          cost: z.number(),
          cacheReadTokens: z.number(),
          cacheCreationTokens: z.number(),
        }),
      ),
    }),
  ),
});

test.skipIf(CCUSAGE === undefined && !isCi)(
  "ccusage finds the same cost in a log of every vendor's own model, or there is a reason",
  () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "projects/work"), { recursive: true });
    const models = Object.keys(SHIPPED_PRICES.models).filter(
      (id) => !/\/|^[a-z-]+\.[a-z]/.test(id),
    );
    const log = models.map(logOf).join("\n");
    writeFileSync(path.join(folder, "projects/work/session.jsonl"), `${log}\n`);
    const env = { PATH: variables["PATH"], CLAUDE_CONFIG_DIR: folder, HOME: folder };
    const text = execFileSync(CCUSAGE ?? "", ["claude", "daily", "--json", "--offline"], { env });
    const found = Daily.parse(JSON.parse(String(text))).daily.flatMap((day) => day.modelBreakdowns);
    expect(found).toHaveLength(models.length);
    // It writes 0 for a model that it does not know.
    const priced = found.filter(({ cost }) => cost > 0);
    expect(priced.length).toBeGreaterThan(150);
    const differing = priced.filter(({ modelName, cost, ...tokens }) => {
      const usage = {
        input_uncached: TOKENS,
        output: TOKENS,
        cache_read: tokens.cacheReadTokens,
        cache_write_5m: tokens.cacheCreationTokens,
        requests: 1,
      };
      const ours = BOOK.dollars(modelName, usage, epochMsOf(SECOND));
      return ours === null || Math.abs(ours - cost) > 1e-9;
    });
    const named = differing.map(({ modelName }) => ({ catalogue: "ccusage", model: modelName }));
    const { unexplained, unused } = judgeDifferences(named);
    expect(unexplained).toEqual([]);
    expect(unused.filter((one) => reasonsFor(/^ccusage$/).includes(one))).toEqual([]);
  },
);
