import { array, assert, integer, property, record, stringMatching } from "fast-check";
import { describe, expect, it } from "vitest";

import { plainTable } from "./plain-table.ts";

const ROWS = [
  ["Provider", "n", "Quality", "Remark"],
  ["large", "4", "0.979", "the one that is in use today"],
  ["small", "4", "0.844", "new"],
];

describe("a table", () => {
  it("has all columns where nothing limits it", () => {
    expect(plainTable(ROWS)).toBe(
      [
        "Provider  n  Quality  Remark",
        "large     4  0.979    the one that is in use today",
        "small     4  0.844    new",
      ].join("\n"),
    );
  });

  it("drops its last columns where they don't fit, and counts them", () => {
    expect(plainTable(ROWS, { columns: 46 })).toBe(
      [
        "Provider  n  Quality",
        "large     4  0.979",
        "small     4  0.844",
        "1 column more with a wider terminal or --json",
      ].join("\n"),
    );
    expect(plainTable(ROWS, { columns: 12 }).split("\n")).toEqual([
      "Provider  n",
      "large     4",
      "small     4",
      "2 columns",
      "more with a",
      "wider",
      "terminal or",
      "--json",
    ]);
  });

  it("breaks a free text into lines, and drops others for it", () => {
    expect(plainTable(ROWS, { columns: 40, wrap: "Remark" })).toBe(
      [
        "Provider  n  Quality  Remark",
        "large     4  0.979    the one that is in",
        "                      use today",
        "small     4  0.844    new",
      ].join("\n"),
    );
  });

  it("cuts what has no room by itself", () => {
    expect(plainTable([["Name"], ["a-very-long-name"]], { columns: 8 })).toBe(
      "Name\na-ve…ame\nwhole\ntexts\nwith a\nwider\nterminal\nor\n--json",
    );
  });
});

it("breaks headings before it drops columns", () => {
  const rows = [
    ["Provider", "Features per 10⁶ tokens", "Quality"],
    ["large", "93.52", "0.979"],
  ];
  expect(
    plainTable(rows, { columns: 30 })
      .split("\n")
      .map((line) => line.trimEnd()),
  ).toEqual([
    "Provider  Features  Quality",
    "          per 10⁶",
    "          tokens",
    "large     93.52     0.979",
  ]);
});

describe("a table with long names", () => {
  it("keeps both ends of a long name, and the columns next to it", () => {
    const name = `provider-${"x".repeat(60)}`;
    const rows = [
      ["Provider", "n", "Quality"],
      [`${name}-1`, "4", "0.979"],
      [`${name}-2`, "4", "0.844"],
    ];
    expect(plainTable(rows, { columns: 50 })).toBe(
      [
        `Provider${" ".repeat(32)}n  Quality`,
        `provider-${"x".repeat(10)}…${"x".repeat(16)}-1  4  0.979`,
        `provider-${"x".repeat(10)}…${"x".repeat(16)}-2  4  0.844`,
        "whole texts with a wider terminal or --json",
      ].join("\n"),
    );
  });

  it("cuts both names of a line that has two", () => {
    const rows = [
      ["Window", "Provider", "Outcome"],
      ["w".repeat(60), "p".repeat(60), "pass"],
    ];
    const [, line] = plainTable(rows, { columns: 40, names: 2 }).split("\n");
    expect(line).toMatch(/^w+…w+ {2}p+…p+ {2}pass$/u);
  });

  it("counts characters that take two columns as two", () => {
    const rows = [
      ["Model", "n"],
      ["模型", "4"],
    ];
    expect(plainTable(rows)).toBe("Model  n\n模型   4");
    expect(plainTable([["Model"], ["模型名称很长"]], { columns: 8 })).toContain("\n模型…长\n");
  });
});

describe("a table of any texts", () => {
  it("is never wider than its place, and says nothing else", () => {
    const Cell = stringMatching(/^[a-z]{0,40}$/u);
    const Row = array(Cell, { minLength: 4, maxLength: 4 });
    const Table = record({
      rows: array(Row, { minLength: 1, maxLength: 5 }),
      columns: integer({ min: 20, max: 120 }),
    });
    assert(
      property(Table, ({ rows, columns }) => {
        const head = ["a", "b", "c", "d"];
        const lines = plainTable([head, ...rows], { columns, wrap: "d" }).split("\n");
        expect(lines.filter(({ length }) => length > columns)).toEqual([]);
      }),
    );
  });
});
