import { array, assert as assertProperty, property, tuple, uuid } from "fast-check";
import { expect, it } from "vitest";

import { BlockReader } from "../store/ahead/block-reader.ts";
import { BlockWriter } from "../store/ahead/block-writer.ts";
import { BlockRing, makeSharedBlocks } from "../store/ahead/shared-blocks.ts";
import { requested } from "./test-support/sample-rows.ts";
import { CELL, lineOf, payload } from "./test-support/traffic-lines.ts";
import { decodeLine, encodeLine } from "./traffic-code.ts";
import { readTrafficLine } from "./traffic-line.ts";

/** What comes back of lines that one thread takes down and another takes in; undefined of those not taken down. */
function passOn(lines: readonly string[]) {
  const memory = new BlockRing(makeSharedBlocks()).nextFree();
  if (memory === undefined) throw new Error("No block is free.");
  const writer = new BlockWriter(memory);
  writer.begin(memory);
  let end = 0;
  for (const line of lines) {
    const start = end;
    end += memory.bytes.write(line, start, "latin1");
    writer.add(start, end);
    writer.takeDown(encodeLine, line);
  }
  writer.finish(end, true);
  const reader = new BlockReader(memory);
  reader.begin(memory);
  const read = [];
  while (reader.next()) read.push(reader.isCoded ? decodeLine(reader) : undefined);
  return read;
}

it("what is taken down of lines is what is read of them", () => {
  let taken = 0;
  assertProperty(
    property(array(tuple(payload, uuid({ version: 7 })), { maxLength: 20 }), (rows) => {
      const lines = rows.map(([row, id]) => lineOf(row, { id }));
      taken += lines.filter((line) => readTrafficLine(line) !== undefined).length;
      expect(passOn(lines)).toStrictEqual(lines.map((line) => readTrafficLine(line)));
    }),
    { numRuns: 500, seed: 4 },
  );
  expect(taken).toBeGreaterThan(1_000);
});

it("a text that there is no room for leaves its line, and no other, to be read", () => {
  const lines = ["m", "m".repeat(20_000), "n"].map((model) => lineOf(requested(CELL, { model })));
  const [first, second, third] = passOn(lines);
  expect(second).toBeUndefined();
  expect([first, third]).toStrictEqual(
    [lines[0], lines[2]].map((line = "") => readTrafficLine(line)),
  );
});
