import { describe, expect, it } from "vitest";

import { readLines, textOf } from "./read-lines.ts";

async function linesOf(parts: readonly (string | Buffer)[], limits = {}) {
  async function* chunks() {
    for (const part of parts) yield Buffer.from(part);
  }
  const lines: [number, string, string?][] = [];
  for await (const some of readLines(chunks(), limits)) {
    for (const line of some) {
      const { number, fault } = line;
      lines.push(fault === undefined ? [number, textOf(line)] : [number, textOf(line), fault]);
    }
  }
  return lines;
}

describe("the lines of a file", () => {
  it("end with a newline, also one of Windows", async () => {
    expect(await linesOf(["one\r\ntwo\n"])).toEqual([
      [1, "one"],
      [2, "two"],
    ]);
  });

  it("may be spread over chunks, within a character too", async () => {
    const bytes = Buffer.from("zwölf\nzwei\n");
    expect(await linesOf([bytes.subarray(0, 3), bytes.subarray(3, 8), bytes.subarray(8)])).toEqual([
      [1, "zwölf"],
      [2, "zwei"],
    ]);
  });

  it("are cut if the file ends within one", async () => {
    expect(await linesOf(['{"a":1}\n{"b"'])).toEqual([
      [1, '{"a":1}'],
      [2, '{"b"', "cut"],
    ]);
  });

  it.each([
    ["utf16le", [0xff, 0xfe]],
    ["UTF-8", [0xef, 0xbb, 0xbf]],
  ] as const)("are read by their byte order mark: %s", async (encoding, mark) => {
    const text = Buffer.from("one\nzwölf\n", encoding === "UTF-8" ? "utf8" : "utf16le");
    const bytes = Buffer.concat([Buffer.from(mark), text]);
    expect(await linesOf([bytes.subarray(0, 7), bytes.subarray(7)])).toEqual([
      [1, "one"],
      [2, "zwölf"],
    ]);
  });

  it("are read in UTF-16 without a mark, in either order of its bytes", async () => {
    const text = Buffer.from("one\nzwölf\n", "utf16le");
    const expected = [
      [1, "one"],
      [2, "zwölf"],
    ];
    expect(await linesOf([text])).toEqual(expected);
    expect(await linesOf([Buffer.from(text).swap16()])).toEqual(expected);
  });

  it("are reported and skipped if they are too long, and those after them are read", async () => {
    const lines = await linesOf(["short\n", "x".repeat(40), "x".repeat(40), "\nlast\n"], {
      bytesMax: 50,
    });
    expect(lines).toEqual([
      [1, "short"],
      [2, "", "too-long"],
      [3, "last"],
    ]);
  });
});

describe("lines without a mark", () => {
  it("are counted and not decoded", async () => {
    const lines = await linesOf(['{"no":1}\r\n{"mark":1}\n', '\n \t\n {"n', 'o":2} \n'], {
      marks: ["mark"],
    });
    expect(lines).toEqual([[2, '{"mark":1}']]);
  });

  it.each([
    ["half a line", '{"no":1'],
    ["the rest of one", "1}"],
    ["another JSON", "[1]"],
    ["a brace", "{"],
    ["a sentence", "no"],
  ])("are read if they are no object: %s", async (_what, line) => {
    const whole = await linesOf([`{"no":1}\n${line}\r\n{"no":2}\n`], { marks: ["mark"] });
    expect(whole).toEqual([[2, line]]);
    const parted = await linesOf([`{"no":1}\n${line}`, '\n{"no":2}\n'], { marks: ["mark"] });
    expect(parted).toEqual([[2, line]]);
  });

  it("are cut if the file ends within one", async () => {
    const marked = await linesOf(['{"mark":1}\n{"no'], { marks: ["mark"] });
    expect(marked).toEqual([
      [1, '{"mark":1}'],
      [2, '{"no', "cut"],
    ]);
  });

  it("are skipped at the end without a line end if they are objects", async () => {
    expect(await linesOf(['{"mark":1}\n{"no":1}'], { marks: ["mark"] })).toEqual([
      [1, '{"mark":1}'],
    ]);
  });
});
