import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { NO_COMPANY } from "../../platform/network/company-network.ts";
import { readYamlFile } from "../../platform/yaml/read-yaml-file.ts";
import { PriceList } from "./price-list.ts";
import { refreshPrices } from "./refresh-prices.ts";

const NOW_MS = epochMsOf("2026-05-06T07:00:00.000Z");

async function refresh(asked: {
  readonly from: string;
  readonly out: string;
  readonly asOf?: string;
}) {
  return await refreshPrices({ asOf: undefined, nowMs: NOW_MS, network: NO_COMPANY, ...asked });
}

const OPUS = {
  litellm_provider: "anthropic",
  mode: "chat",
  input_cost_per_token: 5e-6,
  output_cost_per_token: 2.5e-5,
  cache_read_input_token_cost: 5e-7,
  cache_creation_input_token_cost: 6.25e-6,
  cache_creation_input_token_cost_above_1hr: 1e-5,
  search_context_cost_per_query: { search_context_size_low: 0.01, search_context_size_high: 0.01 },
};
const GPT = {
  litellm_provider: "openai",
  mode: "responses",
  input_cost_per_token: 2.5e-6,
  output_cost_per_token: 1.5e-5,
  input_cost_per_token_above_272k_tokens: 5e-6,
  output_cost_per_token_above_272k_tokens: 2.25e-5,
  search_context_cost_per_query: { search_context_size_low: 0.01, search_context_size_high: 0.02 },
};

function copyOf(entries: object): { readonly from: string; readonly out: string } {
  const folder = mkdtempSync(path.join(tmpdir(), "prices-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const from = path.join(folder, "litellm.json");
  writeFileSync(from, JSON.stringify(entries));
  return { from, out: path.join(folder, "prices.yaml") };
}

test("a copy becomes a price file that can be read back", async () => {
  const { from, out } = copyOf({
    sample_spec: { litellm_provider: "one of many" },
    "claude-opus-9": OPUS,
    "gpt-9": GPT,
    "zai/glm-9": { ...OPUS, litellm_provider: "zai", cache_creation_input_token_cost: 0 },
  });
  utimesSync(from, 1_767_225_600, 1_767_225_600);
  const { list } = await refresh({ from, out });
  expect(readYamlFile(out, PriceList)).toEqual(list);
  expect(list).toMatchObject({ name: "prices", as_of: "2026-01-01" });
  expect(list.models).toEqual({
    "claude-opus-9": {
      input: 5,
      output: 25,
      cache_read: 0.5,
      cache_write_5m: 6.25,
      cache_write_1h: 10,
      web_search: 0.01,
    },
    "glm-9": { input: 5, output: 25, cache_read: 0.5, cache_write_1h: 10, web_search: 0.01 },
    "gpt-9": {
      input: 2.5,
      output: 15,
      long_prompt: { above_tokens: 272_000, input: 5, output: 22.5 },
    },
  });
});

test.each<[string, object]>([
  ["sold by another house", { ...OPUS, litellm_provider: "bedrock" }],
  ["no model that writes text", { ...OPUS, mode: "embedding" }],
  ["no price, or a price of 0", { ...OPUS, input_cost_per_token: 0, output_cost_per_token: 0 }],
  ["no price, or a price of 0", { litellm_provider: "openai", mode: "chat" }],
  ["not in the list's form", { ...OPUS, input_cost_per_token: "5e-6" }],
  ["not in the list's form", { ...OPUS, output_cost_per_token: 5 }],
])("what is %s is left out by name", async (reason, entry) => {
  const { from, out } = copyOf({ "claude-opus-9": OPUS, odd: entry });
  const { list, leftOut } = await refresh({ from, out, asOf: "2026-02-03" });
  expect(Object.keys(list.models)).toEqual(["claude-opus-9"]);
  expect([...leftOut]).toEqual([[reason, ["odd"]]]);
  expect(list.as_of).toBe("2026-02-03");
});

test.each<[string, unknown]>([
  ["a list", [OPUS]],
  ["nothing of use", { odd: 1 }],
  ["a text", "prices"],
])("%s is no such list, and nothing is written", async (_, document) => {
  const { from, out } = copyOf([]);
  writeFileSync(from, JSON.stringify(document));
  await expect(refresh({ from, out })).rejects.toThrow(
    /expected the public LiteLLM list .* or that of models\.dev/,
  );
  expect(() => readFileSync(out)).toThrow(/ENOENT/);
});

test("a copy that broke off is refused", async () => {
  const { from, out } = copyOf({});
  writeFileSync(from, '{"claude');
  await expect(refresh({ from, out })).rejects.toThrow(/expected JSON/);
});

test("prices that somebody typed are not written over, refreshed ones are", async () => {
  const { from, out } = copyOf({ "claude-opus-9": OPUS });
  await refresh({ from, out });
  await refresh({ from, out });
  const own = "name: mine\nmodels: { m: { input: 1, output: 2 } }\n";
  writeFileSync(out, own);
  await expect(refresh({ from, out })).rejects.toThrow(/prices of another source/);
  expect(readFileSync(out, "utf8")).toBe(own);
});

test("the file can be read back whatever names the list has", async () => {
  const { from, out } = copyOf({
    "": OPUS,
    "openai/": GPT,
    "red\u001B[31m": OPUS,
    ["x".repeat(201)]: OPUS,
    good: OPUS,
  });
  const { list, leftOut } = await refresh({ from, out });
  expect(Object.keys(list.models)).toEqual(["good"]);
  expect(leftOut.get("not in the list's form")).toHaveLength(4);
  expect(readYamlFile(out, PriceList)).toEqual(list);
});

test("names that a reader drops in silence are left out, and the file can be read back", async () => {
  const copy = copyOf({});
  writeFileSync(
    copy.from,
    JSON.stringify({ good: OPUS, bad: OPUS }).replace('"bad"', '"__proto__"'),
  );
  const { list, leftOut } = await refresh(copy);
  expect(Object.keys(list.models)).toEqual(["good"]);
  expect(leftOut.get("not in the list's form")).toEqual(["__proto__"]);
  expect(readYamlFile(copy.out, PriceList)).toEqual(list);
});

test.each([
  [
    "http://u:pw@127.0.0.1:1/api.json",
    /^http:\/\/127.0.0.1:1\/api.json: expected an address without/,
  ],
  [
    "HTTPS://u:pw@127.0.0.1:1/api.json?key=pw",
    /^https:\/\/127.0.0.1:1\/api.json: expected an address/,
  ],
  ["https://", /^--from: expected a file, or a whole address/],
  ["ftp://127.0.0.1/api.json?key=pw", /^--from: expected a file, or a whole address/],
])("the address %s is a fault of use, said without a key or a password", async (from, message) => {
  const { out } = copyOf({});
  const refused: unknown = await refresh({ from, out }).catch((cause: unknown) => cause);
  expect(refused).toBeInstanceOf(ConfigurationError);
  expect(String(refused).replace(/^\w*Error: /, "")).toMatch(message);
  expect(String(refused)).not.toContain("pw");
});

test("a model's own name goes before the name that a house gives it, in whatever order", async () => {
  const dear = { ...GPT, input_cost_per_token: 9e-6 };
  for (const entries of [
    { "gpt-9": GPT, "openai/gpt-9": dear },
    { "openai/gpt-9": dear, "gpt-9": GPT },
  ]) {
    const { list } = await refresh({ ...copyOf(entries) });
    expect(list.models["gpt-9"]?.input).toBe(2.5);
  }
});

test("a day that is in no calendar is refused, and nothing is written", async () => {
  const { from, out } = copyOf({ "gpt-9": GPT });
  await expect(refresh({ from, out, asOf: "2026-02-30" })).rejects.toThrow(
    "--as-of 2026-02-30: expected a day of the calendar. Write e.g. --as-of 2026-01-31.",
  );
  expect(() => readFileSync(out)).toThrow(/ENOENT/);
});

test("a file that can't be written is named", async () => {
  const { from, out } = copyOf({ "gpt-9": GPT });
  const nowhere = path.join(path.dirname(out), "nowhere", "prices.yaml");
  await expect(refresh({ from, out: nowhere })).rejects.toThrow(
    /nowhere\/prices\.yaml: expected a file that can be written, got: ENOENT/,
  );
});

test("a byte order mark is no fault", async () => {
  const { from, out } = copyOf({});
  writeFileSync(from, `\uFEFF${JSON.stringify({ "gpt-9": GPT })}`);
  expect(Object.keys((await refresh({ from, out })).list.models)).toEqual(["gpt-9"]);
});

test("tiers, steps, sound and tools are read, and every other field with a price is named", async () => {
  const { from, out } = copyOf({
    "gpt-9": {
      ...GPT,
      input_cost_per_token_above_512k_tokens: 6e-6,
      output_cost_per_token_above_512k_tokens: 3e-5,
      input_cost_per_token_batches: 1.25e-6,
      output_cost_per_token_batches: 7.5e-6,
      input_cost_per_token_priority: 5e-6,
      output_cost_per_token_priority: 3e-5,
      cache_read_input_token_cost_priority: 5e-7,
      input_cost_per_audio_token: 3e-5,
      file_search_cost_per_1k_calls: 2.5,
      output_cost_per_reasoning_token: 2e-5,
      regional_processing_uplift_multiplier_us: 1.1,
      max_tokens: 128_000,
    },
    "qwen9-coder": {
      litellm_provider: "dashscope",
      mode: "chat",
      tiered_pricing: [
        { range: [0, 32_000], input_cost_per_token: 1e-6, output_cost_per_token: 5e-6 },
        { range: [32_000, 128_000], input_cost_per_token: 2e-6, output_cost_per_token: 9e-6 },
      ],
    },
  });
  const { list, fieldsLeftOut } = await refresh({ from, out });
  expect(list.models).toEqual({
    "gpt-9": {
      input: 2.5,
      output: 15,
      audio_input: 30,
      tool_calls: { file_search: 0.0025 },
      long_prompt: [
        { above_tokens: 272_000, input: 5, output: 22.5 },
        { above_tokens: 512_000, input: 6, output: 30 },
      ],
      tiers: {
        batch: { input: 1.25, output: 7.5 },
        priority: { input: 5, output: 30, cache_read: 0.5 },
      },
    },
    "qwen9-coder": {
      input: 1,
      output: 5,
      long_prompt: { above_tokens: 32_000, input: 2, output: 9 },
    },
  });
  expect([...fieldsLeftOut]).toEqual([
    ["output_cost_per_reasoning_token", 1],
    ["regional_processing_uplift_multiplier_us", 1],
    ["search_context_cost_per_query", 1],
  ]);
  expect(readYamlFile(out, PriceList)).toEqual(list);
});

const TEXT = { modalities: { output: ["text"] } };
const OF_MODELS_DEV = {
  anthropic: {
    models: {
      "claude-opus-9": {
        id: "claude-opus-9",
        ...TEXT,
        cost: {
          input: 4,
          output: 20,
          cache_read: 0.2,
          cache_write: 5,
          input_audio: 9,
          cache_write_for_ever: 1,
          tiers: [
            { input: 8, output: 40, odd: 1, tier: { type: "context", size: 100_000 } },
            { input: 2, output: 10, tier: { type: "time", size: 8 } },
          ],
          context_over_200k: { input: 8, output: 40, odd: 1 },
        },
        experimental: {
          modes: {
            fast: {
              cost: { input: 8, output: 40, odd: 1 },
              provider: { body: { speed: "quick" } },
            },
            pro: {},
          },
        },
      },
      thinker: { id: "thinker", ...TEXT, cost: { input: 1, output: 2, reasoning: 4 } },
      free: { id: "free", ...TEXT, cost: { input: 0, output: 0 } },
      painter: {
        id: "painter",
        modalities: { output: ["image"] },
        cost: { input: 1, output: 1 },
      },
      odd: { id: "odd", cost: { input: "1" } },
    },
  },
  reseller: {
    models: { "claude-opus-9": { id: "claude-opus-9", cost: { input: 1, output: 1 } } },
  },
};

test("the list of models.dev becomes a price file as well", async () => {
  const { from, out } = copyOf(OF_MODELS_DEV);
  const { list, leftOut, fieldsLeftOut } = await refresh({ from, out });
  const fast = { input: 8, output: 40 };
  expect(list.models).toEqual({
    "claude-opus-9": {
      input: 4,
      output: 20,
      cache_read: 0.2,
      cache_write_5m: 5,
      audio_input: 9,
      long_prompt: { above_tokens: 100_000, input: 8, output: 40 },
      tiers: { fast, quick: fast },
    },
  });
  expect(list.source).toMatch(/^models\.dev, litellm\.json, SHA-256 [0-9a-f]{64}$/);
  expect(Object.fromEntries(leftOut)).toEqual({
    "another price for thinking, which answers don't tell apart": ["anthropic/thinker"],
    "no price, or a price of 0": ["anthropic/free"],
    "no model that writes text": ["anthropic/painter"],
    "not in the list's form": ["anthropic/odd"],
    "sold by another house": ["reseller/claude-opus-9"],
  });
  expect([...fieldsLeftOut]).toEqual([
    ["cache_write_for_ever", 1],
    ["context_over_200k", 1],
    ["context_over_200k.odd", 1],
    ["modes.cost.odd", 1],
    ["tiers of type time", 1],
    ["tiers.odd", 1],
  ]);
  await refresh({ from, out });
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => void server.close());
  // A server on a port has such an address.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([
  [
    "the day that the server names",
    { "last-modified": "Fri, 02 Jan 2026 03:04:05 GMT" },
    "2026-01-02",
  ],
  ["today, if it names none", {}, "2026-05-06"],
])("a list is read from an address, as of %s", async (_, headers, day) => {
  const text = JSON.stringify({ "gpt-9": GPT });
  const origin = await serve((request, response) => {
    if (request.url === "/old")
      return response.writeHead(302, { location: "/lists/l.json?key=1" }).end();
    return response.writeHead(200, headers).end(text);
  });
  const { out } = copyOf({});
  const { list } = await refresh({ from: `${origin}/old?key=secret`, out });
  const digest = createHash("sha256").update(text).digest("hex");
  expect(list).toMatchObject({ as_of: day, source: `LiteLLM, old, SHA-256 ${digest}` });
  expect(list.models["gpt-9"]?.input).toBe(2.5);
});

test("an address that gives no list is named without its key", async () => {
  const origin = await serve((_, response) => response.writeHead(404).end());
  const { out } = copyOf({});
  await expect(refresh({ from: `${origin}/list?key=secret`, out })).rejects.toThrow(
    `${origin}/list: expected a public list of prices, got status 404. Check the address`,
  );
  await expect(refresh({ from: "http://127.0.0.1:1/list", out })).rejects.toThrow(
    /127\.0\.0\.1:1\/list: expected a public list of prices, got/,
  );
  expect(() => readFileSync(out)).toThrow(/ENOENT/);
});
