import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";

import type { ReportDocument, TableBlock } from "../document/document.ts";
import { renderCsv } from "./render-csv.ts";

const TABLE: TableBlock = {
  kind: "table",
  id: "windows",
  columns: [
    { title: "Window", isKey: true },
    { title: "Cost", isNumber: true },
    { title: "Quality 95 % CI, fixed-n", isInterval: true },
  ],
  rows: [],
};

function documentOf(rows: TableBlock["rows"]): ReportDocument {
  const blocks = [{ ...TABLE, rows }];
  return { title: "t", warnings: [], sections: [{ id: "s", title: "S", blocks }] };
}

/** The lines of a table, read by a parser of its own. */
function linesOf(rows: TableBlock["rows"]): readonly string[][] {
  const file = renderCsv(documentOf(rows)).find(({ name }) => name === "windows.csv");
  return parse(file?.content ?? "");
}

it("writes numbers in full precision, without what is shown around them", () => {
  const rows = [
    ["W0-01", { text: "≥ 1,234 †1", sort: 1234.567890123 }, { text: "", interval: null }],
    ["W0-02", { text: "n/a (why)", sort: null }, { text: "x", interval: { lower: -1, upper: 2 } }],
    ["W0-03", { text: "-0.5", sort: -0.5 }, ""],
  ];
  expect(linesOf(rows)).toEqual([
    ["Window", "Cost", "Quality 95 % CI, fixed-n: lower", "Quality 95 % CI, fixed-n: upper"],
    ["W0-01", "1234.567890123", "", ""],
    ["W0-02", "", "-1", "2"],
    ["W0-03", "-0.5", "", ""],
  ]);
});

it.each(["=cmd()", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1"])(
  "keeps a spreadsheet from running %j",
  (name) => {
    const cell = linesOf([[name, "", ""]])[1]?.[0] ?? "";
    expect(cell).toMatch(/^'[=+@＝-]/u);
  },
);

it("quotes what would end a cell or a line", () => {
  const name = 'a,"b"\nc';
  expect(linesOf([[name, "", ""]])[1]?.[0]).toBe('a,"b" c');
});

it("writes no file for a picture that has nothing to draw", () => {
  const blocks = [{ ...TABLE, columns: [] }];
  const document = { title: "t", warnings: [], sections: [{ id: "s", title: "S", blocks }] };
  expect(renderCsv(document).map(({ name }) => name)).toEqual(["figures.csv"]);
});
