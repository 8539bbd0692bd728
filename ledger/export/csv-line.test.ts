import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";

import { csvLine } from "./export-csv.ts";

it("is read back by a CSV reader as what it was", () => {
  const texts = ["plain", 'with "quotes"', "a,b", "two\nlines", "two\r\nlines", " blank ", "ü"];
  expect(parse(csvLine(texts))).toEqual([texts]);
});

it("keeps null and absence apart from the empty text, and writes the rest as JSON", () => {
  expect(csvLine([null, undefined, "", 0, false, [1, null], { a: "b" }])).toBe(
    ',,"",0,false,"[1,null]","{""a"":""b""}"\r\n',
  );
});

it("lets no spreadsheet take a text for a formula, and leaves numbers as they are", () => {
  expect(csvLine(["=cmd()", "+1", "@a", "-b", "-1.5", -2, "a=b"])).toBe(
    "'=cmd(),'+1,'@a,'-b,-1.5,-2,a=b\r\n",
  );
});
