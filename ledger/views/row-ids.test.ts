import { expect, it } from "vitest";

import { RowIds } from "./row-ids.ts";

/** UUIDs of which many end alike, and ids of other kinds. */
const IDS = Array.from({ length: 3_000 }, (_, index) => {
  const hex = index.toString(16).padStart(8, "0");
  const last = (index % 700).toString(16).padStart(12, "f");
  return index % 50 === 0 ? `row-${String(index)}` : `${hex}-65e3-7030-b15b-${last}`;
});

it("numbers ids in the order in which they come, and knows each again", () => {
  const ids = new RowIds();
  for (const [number, id] of IDS.entries()) {
    expect(ids.find(id)).toBeUndefined();
    expect(ids.numberOf(id)).toBe(number);
  }
  expect(IDS.map((id) => ids.find(id))).toEqual([...IDS.keys()]);
  expect(IDS.map((id) => ids.numberOf(id))).toEqual([...IDS.keys()]);
  expect(IDS.map((_, number) => ids.textOf(number))).toEqual(IDS);
});

it("takes ids that differ in the case of a letter, or in nothing but their form, for two", () => {
  const ids = new RowIds();
  const id = "01a1fdc6-65e3-7030-b15b-1e024be19032";
  const others = [id.toUpperCase(), id.replaceAll("-", ""), `${id} `, id.replace("-", "_")];
  expect([id, ...others].map((one) => ids.numberOf(one))).toEqual([0, 1, 2, 3, 4]);
});

it("tells ids that came from those that did not, in whatever order they come", () => {
  const uuids = IDS.filter((id) => !id.startsWith("row-"));
  const rising = uuids.filter((_, index) => index % 2 === 0);
  const between = uuids.filter((_, index) => index % 2 === 1);
  const ids = new RowIds();
  const all = [...rising, ...between.toReversed()];
  for (const [number, id] of all.entries()) {
    expect(ids.find(id)).toBeUndefined();
    expect(ids.numberOf(id)).toBe(number);
  }
  expect(all.map((id) => ids.numberOf(id))).toEqual([...all.keys()]);
});

it("takes a text without characters for an id like any other", () => {
  const ids = new RowIds();
  const all = ["01a1fdc6-65e3-7030-b15b-1e024be19032", "row-1", ""];
  expect(all.map((id) => ids.numberOf(id))).toEqual([0, 1, 2]);
  expect(all.map((id) => ids.find(id))).toEqual([0, 1, 2]);
  expect(ids.textOf(2)).toBe("");
});
