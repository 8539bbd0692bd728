import { expect, test } from "vitest";

import { type ModelPart, splitByModel, sumParts } from "./claude-iterations.ts";

const WHOLE = { input_uncached: 30, cache_read: 7, output: 3, requests: 1 };
const MESSAGE = { type: "message", input_tokens: 30, cache_read_input_tokens: 7, output_tokens: 3 };
const COMPACTION = { type: "compaction", input_tokens: 2000, output_tokens: 500 };
const ADVICE = { type: "advisor_message", model: "claude-a", input_tokens: 900, output_tokens: 80 };

test.each<[string, unknown, readonly Partial<ModelPart>[]]>([
  ["no steps", undefined, [{ usage: WHOLE }]],
  ["an empty list", [], [{ usage: WHOLE }]],
  ["no list", "none", [{ usage: WHOLE }]],
  ["the message alone", [MESSAGE], [{ usage: WHOLE }]],
  [
    "a compaction",
    [COMPACTION, MESSAGE],
    [{ usage: { ...WHOLE, input_uncached: 2030, output: 503 } }],
  ],
  [
    "messages that are more than the whole",
    [MESSAGE, { ...MESSAGE, output_tokens: 9 }],
    [{ usage: { input_uncached: 60, cache_read: 14, output: 12, requests: 1 } }],
  ],
  [
    "a message that another model replaced",
    [
      { ...MESSAGE, output_tokens: 99 },
      { ...MESSAGE, type: "fallback_message", model: "claude-b" },
    ],
    [{ usage: WHOLE }],
  ],
  [
    "advice of another model",
    [MESSAGE, ADVICE, ADVICE],
    [
      { model: null, usage: WHOLE },
      { model: "claude-a", usage: { input_uncached: 900, output: 80, requests: 0 } },
      { model: "claude-a", usage: { input_uncached: 900, output: 80, requests: 0 } },
    ],
  ],
  [
    "a step of an unknown kind",
    [MESSAGE, { ...COMPACTION, type: "new" }],
    [{ usage: { ...WHOLE, input_uncached: 2030, output: 503 } }],
  ],
  ["steps without counts", [null, 7, { type: "compaction", input_tokens: -1 }], [{ usage: WHOLE }]],
])("an answer with %s", (_, iterations, parts) => {
  expect(splitByModel(WHOLE, { iterations })).toMatchObject(parts);
  expect(splitByModel(WHOLE, { iterations })).toHaveLength(parts.length);
});

test("the parts of one answer are one request", () => {
  const whole = sumParts(splitByModel(WHOLE, { iterations: [MESSAGE, ADVICE] }));
  expect(whole).toEqual({ input_uncached: 930, cache_read: 7, output: 83, requests: 1 });
});
