import { expect, test } from "vitest";

import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import { askedDollars, listPrices, openPriceBook } from "./price-book.ts";
import { type ModelPrice, type ModelPrices, PriceList } from "./price-list.ts";
import { SHIPPED_PRICES } from "./shipped-prices.ts";

const SONNET: ModelPrice = {
  input: 3,
  output: 15,
  cache_read: 0.3,
  cache_write_5m: 3.75,
  cache_write_1h: 6,
  web_search: 0.01,
};
const NOON_MS = epochMsOf("2026-01-07T12:00:00.000Z");
const MILLION = 1_000_000;

function bookOf(models: ModelPrices, own?: ModelPrices) {
  return openPriceBook({
    own: own === undefined ? null : { name: "own", models: own },
    shipped: { name: "shipped", as_of: "2026-01-01", models },
  });
}

function usage(tokens: Partial<Usage>): Usage {
  return { input_uncached: 0, output: 0, requests: 1, ...tokens };
}

test.each<[string, Partial<Usage>, number]>([
  ["plain input", { input_uncached: MILLION }, 3],
  ["output", { output: MILLION }, 15],
  ["a cache read", { cache_read: MILLION }, 0.3],
  ["a five-minute write", { cache_write_5m: MILLION }, 3.75],
  ["a one-hour write", { cache_write_1h: MILLION }, 6],
  ["a search of the vendor's server", { web_searches: 3 }, 0.03],
  ["reasoning, which is in the output", { output: MILLION, reasoning: MILLION }, 15],
  ["all of them", { input_uncached: 1000, cache_read: 2000, output: 10, web_searches: 1 }, 0.01375],
])("%s has its own price", (_, tokens, dollars) => {
  const book = bookOf({ sonnet: SONNET });
  expect(book.dollars("sonnet", usage(tokens), NOON_MS)).toBeCloseTo(dollars, 10);
});

test.each<[string, string | null, Partial<Usage>]>([
  ["a model in no list", "glm-x", { output: 1 }],
  ["an answer that names no model", null, { output: 1 }],
  ["a class without a price that was used", "plain", { cache_read: 1 }],
  ["a search without a price", "plain", { web_searches: 1 }],
  ["an answer that broke off before its output was told", "sonnet", { output: undefined }],
  ["an answer that told no input", "sonnet", { input_uncached: undefined, output: 5 }],
])("%s costs nobody knows what, and never 0", (_, model, tokens) => {
  const book = bookOf({ sonnet: SONNET, plain: { input: 1, output: 2 } });
  expect(book.dollars(model, usage(tokens), NOON_MS)).toBeNull();
});

test("a class without a price that was not used does no harm", () => {
  const book = bookOf({ plain: { input: 1, output: 2 } });
  expect(book.dollars("plain", usage({ output: MILLION, cache_read: 0 }), NOON_MS)).toBe(2);
});

test.each([
  ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5"],
  ["claude-sonnet-4-5@20250929", "claude-sonnet-4-5"],
  ["gpt-5-2025-08-07", "gpt-5"],
  ["gpt-5-mini", undefined],
  ["gpt-5-20251301", undefined],
  ["anthropic/claude-sonnet-4-5", "claude-sonnet-4-5"],
  ["anthropic/claude-sonnet-4.5", "claude-sonnet-4-5"],
  ["openai/gpt-5-2025-08-07", "gpt-5"],
  ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"],
  ["claude-sonnet-4-5@default", "claude-sonnet-4-5"],
  ["reseller/claude-sonnet-4-5", undefined],
  ["anthropic.claude-sonnet-4-5", undefined],
  ["openai/gpt-5.0", undefined],
  ["claude-sonnet-4", undefined],
  ["toString", undefined],
])("%s is found as %s", (model, found) => {
  const book = bookOf({ "claude-sonnet-4-5": SONNET, "gpt-5": { input: 1, output: 2 } });
  expect(book.find(model)?.model).toBe(found);
});

test.each([
  ["global.anthropic.sonnet", 3],
  ["eu.anthropic.sonnet-v1:0", 3.3],
  ["anthropic/sonnet", 3],
  ["anthropic/sonnet:batch", 1.5],
])("an id of %s costs what its gateway asks", (model, dollars) => {
  const book = bookOf({ sonnet: SONNET });
  expect(book.dollars(model, usage({ input_uncached: MILLION }), NOON_MS)).toBe(dollars);
});

test("a region of Amazon costs what the list says of another region", () => {
  const book = bookOf({ sonnet: SONNET, "us.anthropic.sonnet-v1:0": { ...SONNET, input: 4 } });
  const dollars = (model: string) =>
    book.dollars(model, usage({ input_uncached: MILLION }), NOON_MS);
  const ids = ["us", "eu", "global"].map((region) => `${region}.anthropic.sonnet-v1:0`);
  expect(ids.map(dollars)).toEqual([4, 4, 3]);
});

test("a model may have another price at an upstream", () => {
  const book = bookOf({ sonnet: SONNET }, { "cheap/sonnet": { input: 1, output: 1 } });
  expect(book.nameAt("cheap", "sonnet")).toBe("cheap/sonnet");
  expect(book.nameAt("vendor", "sonnet")).toBe("sonnet");
  expect(book.nameAt(null, "sonnet")).toBe("sonnet");
  expect(bookOf({ "openai/gpt": SONNET }).nameAt("openai", "gpt")).toBe("gpt");
});

test.each(["n-20250929", "n-2025-08-07", "n@20250929"])(
  "the price of an upstream holds also if the answer names the snapshot %s",
  (answered) => {
    const book = bookOf({}, { "up/n": { input: 1, output: 2 }, n: { input: 100, output: 200 } });
    const dollars = (upstream: string) =>
      askedDollars(
        book,
        { model: answered, upstream },
        usage({ input_uncached: MILLION }),
        NOON_MS,
      );
    expect([dollars("up"), dollars("elsewhere")]).toEqual([1, 100]);
  },
);

test("an upstream's price of the very snapshot goes before that of the model", () => {
  const price = { input: 1, output: 1 };
  const book = bookOf({}, { "up/n": price, "up/n-20250929": price });
  expect(book.nameAt("up", "n-20250929")).toBe("up/n-20250929");
});

test("a list's own price for a gateway's id goes before its vendor's", () => {
  const own = { "anthropic/sonnet": { input: 1, output: 1 } };
  expect(bookOf({ sonnet: SONNET, ...own }).find("anthropic/sonnet")?.price.input).toBe(1);
});

test("the user's own figures come first, also for the dated id that the list has", () => {
  const book = bookOf(
    { sonnet: SONNET, "sonnet-20250929": SONNET },
    { sonnet: { input: 1, output: 1 } },
  );
  expect(book.find("sonnet-20250929")).toMatchObject({ list: "own", price: { input: 1 } });
});

test("the whole of a long request has the long price, from the first token above", () => {
  const long = { above_tokens: 200_000, input: 6, output: 22.5, cache_read: 0.6 };
  const book = bookOf({ sonnet: { ...SONNET, long_prompt: long } });
  const short = usage({ input_uncached: 100_000, cache_read: 100_000 });
  expect(book.dollars("sonnet", short, NOON_MS)).toBeCloseTo(0.33, 10);
  const above = usage({ input_uncached: 100_000, cache_read: 100_001, output: 1000 });
  expect(book.dollars("sonnet", above, NOON_MS)).toBeCloseTo(0.6 + 0.0600006 + 0.0225, 10);
});

test("the last step that a prompt passes holds, in whatever order the steps are written", () => {
  const steps = [
    { above_tokens: 128_000, input: 4.5, output: 20 },
    { above_tokens: 32_000, input: 2.7, output: 13 },
  ];
  const book = bookOf({ coder: { input: 1.5, output: 7, long_prompt: steps } });
  const of = (input_uncached: number) => book.dollars("coder", usage({ input_uncached }), NOON_MS);
  expect([32_000, 32_001, 200_000].map(of)).toEqual([0.048, 0.0864027, 0.9]);
});

const TIERED: ModelPrice = {
  ...SONNET,
  long_prompt: { above_tokens: 200_000, input: 6, output: 30 },
  tiers: {
    batch: 0.5,
    fast: {
      input: 30,
      output: 150,
      long_prompt: { above_tokens: 500_000, input: 60, output: 300 },
    },
  },
  regions: { us: 1.1 },
  tool_calls: { file_search: 0.0025 },
};

test.each<[string, Partial<Usage>, number | null]>([
  ["a tier with a factor", { output: MILLION, billing: { tier: "batch" } }, 7.5],
  ["a tier with prices of its own", { output: MILLION, billing: { tier: "fast" } }, 150],
  ["its own long prompts", { input_uncached: MILLION, billing: { tier: "fast" } }, 60],
  ["a factor for long prompts", { input_uncached: MILLION, billing: { tier: "batch" } }, 3],
  ["a region", { output: MILLION, billing: { region: "us" } }, 16.5],
  ["a tier in a region", { output: MILLION, billing: { tier: "batch", region: "us" } }, 8.25],
  ["a tier without a price", { output: MILLION, billing: { tier: "priority" } }, null],
  ["a region without a price", { output: MILLION, billing: { region: "eu" } }, null],
  ["searches, which no tier makes cheaper", { web_searches: 2, billing: { tier: "batch" } }, 0.02],
  ["calls of a tool", { billing: { tool_calls: { file_search: 2 } } }, 0.005],
  ["calls of a tool without a price", { billing: { tool_calls: { code_interpreter: 1 } } }, null],
  ["sound without a price", { output: MILLION, billing: { audio_output: 1 } }, null],
  ["two tiers at once", { output: MILLION, billing: { tier: "fast+batch" } }, null],
  ["what no list can price", { output: MILLION, billing: { unpriced: "own_key" } }, null],
  ["a cost that the answer states", { output: MILLION, billing: { stated_usd: 0.42 } }, 0.42],
])("%s counts as the answer states it", (_, tokens, dollars) => {
  const book = bookOf({ sonnet: TIERED });
  expect(book.dollars("sonnet", usage(tokens), NOON_MS)).toBe(dollars);
});

test("sound and pictures have prices of their own within their class", () => {
  const prices = { audio_input: 10, audio_output: 20, image_output: 30 };
  const book = bookOf({ m: { input: 1, output: 2, ...prices } });
  const billing = { audio_input: MILLION, audio_output: MILLION, image_output: MILLION };
  const tokens = usage({ input_uncached: 2 * MILLION, output: 3 * MILLION, billing });
  expect(book.dollars("m", tokens, NOON_MS)).toBe(1 + 10 + 2 + 20 + 30);
});

test("a stated cost is believed also for a model in no list", () => {
  expect(bookOf({}).dollars("x", usage({ billing: { stated_usd: 0.1 } }), NOON_MS)).toBe(0.1);
});

test.each([
  ["2026-01-31T23:59:59.999Z", 15],
  ["2026-02-01T00:00:00.000Z", 12],
  ["2026-03-01T00:00:00.000Z", 10],
  ["2025-12-31T23:59:59.999Z", null],
])("a request of %s has the price of its day", (at, dollars) => {
  const earlier = [
    { input: 3, output: 12, since: "2026-02-01" },
    { input: 3, output: 15, since: "2026-01-01" },
  ];
  const book = bookOf({ m: { input: 2, output: 10, since: "2026-03-01", earlier } });
  expect(book.dollars("m", usage({ output: MILLION }), epochMsOf(at))).toBe(dollars);
});

test.each([
  ["2026-05-31", undefined, "since 2027-01-01: 10 in, 10 out; since 2026-06-01: 2 in, 2 out"],
  ["2026-12-31", 2, "since 2026-06-01; since 2027-01-01: 10 in, 10 out"],
  ["2027-01-01", 10, "since 2027-01-01; since 2026-06-01: 2 in, 2 out"],
])("on %s the list shows the price of this day first", (day, input, remarks) => {
  const earlier = [{ input: 2, output: 2, since: "2026-06-01" }];
  const book = bookOf({ m: { input: 10, output: 10, since: "2027-01-01", earlier } });
  const [listed] = listPrices(book, epochMsOf(`${day}T12:00:00.000Z`));
  expect([listed?.price?.input, listed?.remarks.join("; ")]).toEqual([input, remarks]);
});

const WORKDAYS = ["mon", "tue", "wed", "thu", "fri"] as const;

test.each([
  ["before them", epochMsOf("2026-01-07T05:59:00.000Z"), 1],
  ["at their first minute", epochMsOf("2026-01-07T06:00:00.000Z"), 2],
  ["at their end", epochMsOf("2026-01-07T10:00:00.000Z"), 1],
  ["on a Saturday", epochMsOf("2026-01-10T07:00:00.000Z"), 1],
])("a request %s costs by the clock of the vendor's zone", (_, atMs, factor) => {
  const peak = { zone: "Asia/Shanghai", days: WORKDAYS, from: "14:00", to: "18:00", factor: 2 };
  const book = bookOf({ glm: { input: 1, output: 1, peak } });
  expect(book.dollars("glm", usage({ output: MILLION }), atMs)).toBe(factor);
});

test.each([
  ["Friday night", epochMsOf("2026-01-09T23:00:00.000Z"), 2],
  ["the early Saturday that belongs to it", epochMsOf("2026-01-10T01:00:00.000Z"), 2],
  ["the early Monday, whose night began on Sunday", epochMsOf("2026-01-12T01:00:00.000Z"), 1],
])("peak hours over midnight hold on %s as their first day says", (_, atMs, factor) => {
  const peak = { zone: "UTC", days: WORKDAYS, from: "22:00", to: "02:00", factor: 2 };
  const book = bookOf({ m: { input: 1, output: 1, peak } });
  expect(book.dollars("m", usage({ output: MILLION }), atMs)).toBe(factor);
});

test.each([
  ["2026-01-07T01:30:00.000Z", 2],
  ["2026-01-07T05:00:00.000Z", 1],
  ["2026-01-07T06:00:00.000Z", 3],
])("a day may have several peaks: %s", (at, factor) => {
  const peak = [
    { zone: "UTC", from: "01:00", to: "04:00", factor: 2 },
    { zone: "UTC", from: "06:00", to: "10:00", factor: 3 },
  ];
  const book = bookOf({ m: { input: 1, output: 1, peak } });
  expect(book.dollars("m", usage({ output: MILLION }), epochMsOf(at))).toBe(factor);
});

test("billable tokens weigh the caches by their price against plain input, and count output once", () => {
  const book = bookOf({ sonnet: SONNET });
  const tokens = { input_uncached: 100, cache_read: 1000, cache_write_5m: 100, cache_write_1h: 10 };
  expect(book.billableTokens("sonnet", usage({ ...tokens, output: 7 }), NOON_MS)).toBe(
    100 + 100 + 125 + 20 + 7,
  );
  expect(book.billableTokens("sonnet", usage({ cache_read: 1 }), NOON_MS)).toBe(1);
});

test("billable tokens are unknown where a weight is", () => {
  const book = bookOf({ free: { input: 0, output: 0, cache_read: 1 } });
  expect(book.billableTokens("glm-x", usage({ output: 1 }), NOON_MS)).toBeNull();
  expect(book.billableTokens("free", usage({ cache_read: 1 }), NOON_MS)).toBeNull();
});

test("another figure is another book", () => {
  const books = [3, 4].map((input) => bookOf({ sonnet: { ...SONNET, input } }));
  expect(books[0]?.sha256).not.toBe(books[1]?.sha256);
  expect(bookOf({ sonnet: SONNET }).sha256).toMatch(/^[0-9a-f]{64}$/);
});

test("the list that is shipped has the form of a price file", () => {
  expect(PriceList.parse(SHIPPED_PRICES)).toEqual(SHIPPED_PRICES);
});

test.each(["claude-opus-4-5", "claude-sonnet-4-5-20250929", "gpt-5-codex", "glm-4.6"])(
  "the list that is shipped has %s, and cache reads that cost less than input",
  (model) => {
    const price = openPriceBook({ own: null, shipped: SHIPPED_PRICES }).find(model)?.price;
    expect(price?.cache_read).toBeGreaterThan(0);
    expect(price?.cache_read).toBeLessThan(price?.input ?? 0);
  },
);
