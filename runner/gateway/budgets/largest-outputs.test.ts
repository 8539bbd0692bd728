import { expect, test } from "vitest";

import { FIRST_OUTPUT_TOKENS, LargestOutputs } from "./largest-outputs.ts";

const LONG = 64_000;

test.each([
  ["a default before the first answer", [], null, FIRST_OUTPUT_TOKENS],
  ["no more than the request allows", [], 12, 12],
  ["the default if the request allows more", [], LONG, FIRST_OUTPUT_TOKENS],
  [
    "the largest answer so far",
    [
      { output: 9000, outputMax: LONG },
      { output: 7, outputMax: null },
    ],
    LONG,
    9000,
  ],
  ["the largest answer also below the default", [{ output: 70, outputMax: null }], LONG, 70],
  [
    "no more than the request allows, after a larger answer",
    [{ output: 9000, outputMax: LONG }],
    12,
    12,
  ],
  ["the default after a title", [{ output: 9, outputMax: 20 }], LONG, FIRST_OUTPUT_TOKENS],
  ["the length of a title for the next title", [{ output: 9, outputMax: 20 }], 20, 9],
  ["the default after a short answer elsewhere", [{ output: 9 }], null, FIRST_OUTPUT_TOKENS],
  ["the length of a long answer elsewhere", [{ output: 9000 }], null, 9000],
  ["nothing of an unknown answer", [{ outputMax: null }], null, FIRST_OUTPUT_TOKENS],
] as const)("it reserves %s", (...[, answers, outputMax, expected]) => {
  const outputs = new LargestOutputs();
  for (const answer of answers) outputs.note("large", answer);
  outputs.note("small", { output: 50_000, outputMax: null });
  expect(outputs.toReserve("large", outputMax)).toBe(expected);
});
