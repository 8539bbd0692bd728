import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { readYamlFile } from "../../platform/yaml/read-yaml-file.ts";
import { PriceList } from "./price-list.ts";
import { refreshPrices } from "./refresh-prices.ts";

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

test("a copy becomes a price file that can be read back", () => {
  const { from, out } = copyOf({
    sample_spec: { litellm_provider: "one of many" },
    "claude-opus-9": OPUS,
    "gpt-9": GPT,
    "zai/glm-9": { ...OPUS, litellm_provider: "zai", cache_creation_input_token_cost: 0 },
  });
  utimesSync(from, 1_767_225_600, 1_767_225_600);
  const { list } = refreshPrices({ from, out, asOf: undefined });
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
])("what is %s is left out by name", (reason, entry) => {
  const { from, out } = copyOf({ "claude-opus-9": OPUS, odd: entry });
  const { list, leftOut } = refreshPrices({ from, out, asOf: "2026-02-03" });
  expect(Object.keys(list.models)).toEqual(["claude-opus-9"]);
  expect([...leftOut]).toEqual([[reason, ["odd"]]]);
  expect(list.as_of).toBe("2026-02-03");
});

test.each<[string, unknown]>([
  ["a list", [OPUS]],
  ["nothing of use", { odd: 1 }],
  ["a text", "prices"],
])("%s is no such list, and nothing is written", (_, document) => {
  const { from, out } = copyOf([]);
  writeFileSync(from, JSON.stringify(document));
  expect(() => refreshPrices({ from, out, asOf: undefined })).toThrow(
    /expected the public LiteLLM list/,
  );
  expect(() => readFileSync(out)).toThrow(/ENOENT/);
});

test("a copy that broke off is refused", () => {
  const { from, out } = copyOf({});
  writeFileSync(from, '{"claude');
  expect(() => refreshPrices({ from, out, asOf: undefined })).toThrow(/expected JSON/);
});

test("prices that somebody typed are not written over, refreshed ones are", () => {
  const { from, out } = copyOf({ "claude-opus-9": OPUS });
  refreshPrices({ from, out, asOf: undefined });
  refreshPrices({ from, out, asOf: undefined });
  const own = "name: mine\nmodels: { m: { input: 1, output: 2 } }\n";
  writeFileSync(out, own);
  expect(() => refreshPrices({ from, out, asOf: undefined })).toThrow(/prices of another source/);
  expect(readFileSync(out, "utf8")).toBe(own);
});

test("the file can be read back whatever names the list has", () => {
  const { from, out } = copyOf({
    "": OPUS,
    "openai/": GPT,
    "red\u001B[31m": OPUS,
    ["x".repeat(201)]: OPUS,
    good: OPUS,
  });
  const { list, leftOut } = refreshPrices({ from, out, asOf: undefined });
  expect(Object.keys(list.models)).toEqual(["good"]);
  expect(leftOut.get("not in the list's form")).toHaveLength(4);
  expect(readYamlFile(out, PriceList)).toEqual(list);
});

test("a model's own name goes before the name that a house gives it, in whatever order", () => {
  const dear = { ...GPT, input_cost_per_token: 9e-6 };
  for (const entries of [
    { "gpt-9": GPT, "openai/gpt-9": dear },
    { "openai/gpt-9": dear, "gpt-9": GPT },
  ]) {
    const { list } = refreshPrices({ ...copyOf(entries), asOf: undefined });
    expect(list.models["gpt-9"]?.input).toBe(2.5);
  }
});

test("a day that is in no calendar is refused, and nothing is written", () => {
  const { from, out } = copyOf({ "gpt-9": GPT });
  expect(() => refreshPrices({ from, out, asOf: "2026-02-30" })).toThrow(
    "--as-of 2026-02-30: expected a day of the calendar. Write e.g. --as-of 2026-01-31.",
  );
  expect(() => readFileSync(out)).toThrow(/ENOENT/);
});

test("a file that can't be written is named", () => {
  const { from, out } = copyOf({ "gpt-9": GPT });
  const nowhere = path.join(path.dirname(out), "nowhere", "prices.yaml");
  expect(() => refreshPrices({ from, out: nowhere, asOf: undefined })).toThrow(
    /nowhere\/prices\.yaml: expected a file that can be written, got: ENOENT/,
  );
});

test("a byte order mark is no fault", () => {
  const { from, out } = copyOf({});
  writeFileSync(from, `\uFEFF${JSON.stringify({ "gpt-9": GPT })}`);
  expect(Object.keys(refreshPrices({ from, out, asOf: undefined }).list.models)).toEqual(["gpt-9"]);
});
