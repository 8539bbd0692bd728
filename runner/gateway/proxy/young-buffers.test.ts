import { expect, test } from "vitest";

import { YoungBuffers } from "./young-buffers.ts";

const PIECE_BYTES = 64 * 1024;
const MEBIBYTE = 1024 * 1024;

/** The most memory of new buffers, MiB, while more passes than a machine could hold. */
function mostHeld(passed: (bytes: number) => void): number {
  // Other test files in this process can have left buffers.
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  for (let piece = 0; piece < 4000; piece += 1) {
    passed(Buffer.allocUnsafeSlow(PIECE_BYTES).length);
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  return most / MEBIBYTE;
}

test("buffers that have passed are not held until there are enough of them for a collection", () => {
  const buffers = new YoungBuffers();
  expect(mostHeld((bytes) => buffers.passed(bytes))).toBeLessThan(24);
});
