import {
  array,
  assert as assertProperty,
  constantFrom,
  double,
  nat,
  oneof,
  property,
  tuple,
} from "fast-check";
import { expect, it } from "vitest";

import { Column } from "./column.ts";

const number = oneof(
  constantFrom(0, -0, 1, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53, -1, Number.NaN),
  double(),
);
/** More than two chunks. */
const row = oneof(nat(10), nat(10_000));

it("gives back every number that was set last, and 0 where none was", () => {
  assertProperty(
    property(array(tuple(row, number), { maxLength: 60 }), (entries) => {
      const column = new Column();
      const expected = new Map<number, number>();
      for (const [at, value] of entries) {
        column.set(at, value);
        expected.set(at, value);
      }
      for (const [at, value] of expected) expect(column.get(at)).toBe(value);
      const between = entries.map(([at]) => at + 1).filter((at) => !expected.has(at));
      for (const at of between) expect(column.get(at)).toBe(0);
    }),
  );
});
