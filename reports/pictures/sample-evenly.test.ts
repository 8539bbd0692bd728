import { expect, it } from "vitest";

import { sampleEvenly } from "./sample-evenly.ts";

const TEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

it.each([
  { most: 11, sample: TEN },
  { most: 10, sample: TEN },
  { most: 9, sample: [0, 1, 2, 3, 5, 6, 7, 8, 9] },
  { most: 4, sample: [0, 3, 6, 9] },
  { most: 2, sample: [0, 9] },
])("at most $most of ten items have the first, the last and what is between", (given) => {
  expect(sampleEvenly(TEN, given.most)).toEqual(given.sample);
});
