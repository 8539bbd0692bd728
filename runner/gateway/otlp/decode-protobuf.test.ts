import { describe, expect, it } from "vitest";

import { decodeProtobuf } from "./decode-protobuf.ts";
import { encodeProtobuf } from "./test-support/encode-protobuf.ts";

const attributes = [{ key: "input_tokens", value: { intValue: "9007199254740993" } }];
const EXPORT = {
  resourceLogs: [
    { scopeLogs: [{ logRecords: [{ timeUnixNano: "1795443239289000001", attributes }] }] },
  ],
};
const DEPTH = 5000;
const LENGTH_PREFIXED = 2;
/** The fields that lead from an export to an attribute, and from a list to its first value. */
const [TO_VALUE, TO_LIST] = [
  [1, 2, 2, 6, 2],
  [5, 1],
];

describe("an export in protobuf", () => {
  it("reads as it does in JSON, with every digit", async () => {
    const bytes = await encodeProtobuf("logs", EXPORT);
    expect(await decodeProtobuf("logs", bytes)).toEqual(EXPORT);
  });

  it("skips fields of later versions", async () => {
    const later = Buffer.from([0x9a, 0x06, 0x01, 0x41]);
    const bytes = Buffer.concat([await encodeProtobuf("logs", EXPORT), later]);
    expect(await decodeProtobuf("logs", bytes)).toEqual(EXPORT);
  });

  it("is refused wherever it is cut within a record", async () => {
    const bytes = await encodeProtobuf("logs", EXPORT);
    for (let length = 1; length < bytes.length; length += 1) {
      await expect(decodeProtobuf("logs", bytes.subarray(0, length))).rejects.toThrow(
        "index out of range",
      );
    }
  });

  it("is refused when it is nested deeper than any agent nests it", async () => {
    let bytes = Buffer.alloc(0);
    for (let depth = 0; depth < DEPTH; depth += 1) {
      for (const field of TO_LIST.toReversed()) bytes = within(field, bytes);
    }
    for (const field of TO_VALUE.toReversed()) bytes = within(field, bytes);
    await expect(decodeProtobuf("logs", bytes)).rejects.toThrow("max depth");
  });
});

function within(field: number, bytes: Buffer): Buffer<ArrayBuffer> {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    length.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    if (rest <= 0x7f) break;
  }
  return Buffer.concat([Buffer.from([(field << 3) | LENGTH_PREFIXED, ...length]), bytes]);
}
