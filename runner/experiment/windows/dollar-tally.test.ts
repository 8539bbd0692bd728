import { expect, test } from "vitest";

import { DollarTally, type PricedRequest } from "../../gateway/traffic/attempt-traffic.ts";

function read(requests: readonly Partial<PricedRequest>[]) {
  const tally = new DollarTally();
  for (const request of requests) {
    tally.add({
      status: 200,
      model: "m",
      usage: { input_uncached: 1, output: 1, requests: 1 },
      cost_usd: 0.1,
      ...request,
    });
  }
  return tally.read();
}

test("requests add up, without the noise of the arithmetic", () => {
  expect(read([{}, {}, {}])).toEqual({ amount: 0.3, known: 0.3, unpriced: [], untold: 0 });
});

test("a model without a price leaves the sum unknown, and is named once", () => {
  const unpriced = { model: "glm-x", cost_usd: null };
  expect(read([{}, unpriced, unpriced])).toEqual({
    amount: null,
    known: 0.1,
    unpriced: ["glm-x"],
    untold: 0,
  });
});

test.each<[string, Partial<PricedRequest>]>([
  ["no usage at all", { usage: null, cost_usd: null }],
  ["no output", { usage: { input_uncached: 5, requests: 1 }, cost_usd: null }],
])("an answer that told %s leaves the sum unknown", (_, request) => {
  expect(read([{}, request])).toMatchObject({ amount: null, known: 0.1, unpriced: [], untold: 1 });
});

test.each([529, 400, 0, null])("a request that ended with %s cost nothing", (status) => {
  const failed = { status, usage: null, cost_usd: null };
  expect(read([{}, failed])).toMatchObject({ amount: 0.1, untold: 0 });
});
