import { describe, expect, it } from "vitest";

import { AnalysisInputError } from "./read-records.ts";
import { readWindows } from "./read-windows.ts";

const HEADER = "feature,replicate,provider,period,cost,quality,errors,requests,latencies_ms";

function read(...lines: readonly string[]) {
  return readWindows({ name: "w.csv", text: lines.join("\n") });
}

describe("a CSV of windows", () => {
  it("is read with every column", () => {
    expect(read(HEADER, "f1,1,a,1,1200.5,0.75,1,3,10 20.5 30")).toEqual([
      {
        feature: "f1",
        replicate: 1,
        provider: "a",
        period: 1,
        cost: 1200.5,
        quality: 0.75,
        errors: 1,
        requests: 3,
        latenciesMs: [10, 20.5, 30],
      },
    ]);
  });

  it("may leave out the last four columns, quote cells, and end lines as Windows does", () => {
    const [window] = read("\uFEFFfeature,replicate,provider,period,cost\r", '"f,1",1,a,1,2\r');
    expect(window).toMatchObject({ feature: "f,1", cost: 2, quality: null, latenciesMs: null });
  });

  it.each([
    ["f1,1,a,1,NaN,,,,", 'w.csv:2: expected "cost" to be a finite number above 0, got "NaN".'],
    ["f1,1,a,1,Infinity,,,,", 'w.csv:2: expected "cost" to be a finite number'],
    ["f1,1,a,1,1e999,,,,", 'w.csv:2: expected "cost" to be a finite number'],
    ["f1,1,a,1,0,,,,", 'w.csv:2: expected "cost" to be a finite number above 0, got 0.'],
    ["f1,1,a,1,,,,,", 'w.csv:2: expected "cost" to be a finite number above 0, got nothing.'],
    ["f1,1,a,1,5,1.1,,,", 'w.csv:2: expected "quality" to be a number from 0 to 1, got 1.1.'],
    ["f1,1,a,1.5,5,,,,", 'w.csv:2: expected "period" to be a whole number from 1, got 1.5.'],
    ["f1,1,a,1,5,,4,3,", "w.csv:2: expected at most as many errors as requests, got 4 of 3."],
    ["f1,1,a,1,5,,4,,", 'w.csv:2: expected "requests" with "errors", got nothing.'],
    ["f1,1,a,1,5,,,,1 -2", 'w.csv:2: expected "latencies_ms" to be finite numbers of 0 or more'],
    ["f1,1,a,1", "w.csv:2: expected 9 cells as in the header, got 4."],
    [",1,a,1,5,,,,", 'w.csv:2: expected "feature" to be the name of a feature, got "".'],
  ])("refuses %s", (line, message) => {
    expect(() => read(HEADER, line)).toThrow(message);
  });

  it("names both lines of a window that comes twice", () => {
    const line = "f1,1,a,1,5,,,,";
    expect(() => read(HEADER, line, "f2,1,a,1,5,,,,", line)).toThrow(
      'w.csv:4: expected one window of provider "a" for feature "f1", replicate 1, got another than on line 2.',
    );
  });

  it("refuses two providers that both went first", () => {
    expect(() => read(HEADER, "f1,1,a,1,5,,,,", "f1,1,b,1,5,,,,")).toThrow(
      "w.csv:3: expected another period than on line 2",
    );
  });
});

describe("a CSV's header", () => {
  it.each([
    ["", "w.csv:1: expected a header, got an empty file."],
    ["feature,replicate,provider,period", 'w.csv:1: expected a column "cost"'],
    [`${HEADER},colour`, 'w.csv:1: expected a known column, got "colour".'],
    [`${HEADER},cost`, 'w.csv:1: expected every column once, got "cost" twice.'],
  ])("refuses the header %s", (header, message) => {
    expect(() => read(header)).toThrow(message);
  });

  it("shows ten faults at most, in the order of their lines", () => {
    const lines = Array.from({ length: 12 }, (_, index) => `f${index},1,a,1,-1,,,,`);
    expect(() => read(HEADER, ...lines)).toThrow("… and 2 more.");
    expect(() => read(HEADER, ...lines)).toThrow(AnalysisInputError);
  });
});

describe("a JSON array of windows", () => {
  it("is the same as a CSV", () => {
    const text =
      '[{"feature":"f1","replicate":1,"provider":"a","period":1,"cost":2,"latencies_ms":[3]}]';
    expect(readWindows({ name: "w.json", text })).toEqual(
      read("feature,replicate,provider,period,cost,latencies_ms", "f1,1,a,1,2,3"),
    );
  });

  it.each([
    ["[\n{},\n 7]", "w.json:3: expected a window, got 7."],
    [
      '[\n{"feature":"f1","replicate":1,"provider":"a","period":1,"cost":NaN}]',
      "w.json:2: expected JSON",
    ],
    ['{"feature":"f1"}', "w.json:1: expected an array of windows, got object."],
    [
      '[{"feature":"f1","replicate":1,"provider":"a","period":1,"cost":2,"colour":1}]',
      'w.json:1: expected a known field, got "colour".',
    ],
    [
      '[{"feature":"f1","replicate":1,"provider":"a","period":1,"cost":"2"}]',
      'w.json:1: expected "cost" to be a finite number above 0, got "2".',
    ],
  ])("refuses %s", (text, message) => {
    expect(() => readWindows({ name: "w.json", text })).toThrow(message);
  });
});
