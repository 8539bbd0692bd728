import { describe, expect, it } from "vitest";

import { openRepeatedStream } from "./repeated-stream.ts";
import { openStream } from "./stream.ts";

function take(draw: () => number, count: number): readonly number[] {
  return Array.from({ length: count }, draw);
}

describe("a stream that is drawn again and again", () => {
  it("gives the numbers of the stream itself, however many were drawn before", () => {
    for (const count of [3, 10, 2, 40, 40]) {
      const expected = take(openStream("seed", "again"), count);
      expect(take(openRepeatedStream("seed", "again", count), count)).toEqual(expected);
    }
  });

  it("keeps seeds and purposes apart", () => {
    const first = take(openRepeatedStream("one", "again", 5), 5);
    const other = take(openRepeatedStream("two", "again", 5), 5);
    expect(other).toEqual(take(openStream("two", "again"), 5));
    expect(take(openRepeatedStream("one", "again", 5), 5)).toEqual(first);
    expect(take(openRepeatedStream("one", "else", 5), 5)).toEqual(
      take(openStream("one", "else"), 5),
    );
  });

  it("gives as many as were announced and no more", () => {
    const draw = openRepeatedStream("seed", "few", 2);
    take(draw, 2);
    expect(draw).toThrow("Expected at most 2 draws.");
  });

  it("is the stream itself where too many to remember are wanted", () => {
    const draw = openRepeatedStream("seed", "many", 10_000_000);
    expect(take(draw, 5)).toEqual(take(openStream("seed", "many"), 5));
  });
});
