import { inReader } from "../in-reader.ts";
import type { Reading } from "../reading.ts";

const here = import.meta.url;

export const echo = inReader(here, "echo", async (args: unknown) => ({ args, pid: process.pid }));

/** Keeps even its own process from answering. */
export const spin = inReader(here, "spin", async () => {
  for (;;) JSON.parse("1");
});

export const fillMemory = inReader(here, "fill memory", async () => {
  const kept: unknown[] = [];
  for (;;) kept.push(Array.from({ length: 1_000_000 }, () => ({})));
});

export const fail = inReader(here, "fail", async (message: string): Promise<number> => {
  throw new RangeError(message);
});

export const leave = inReader(here, "leave", async (name: string, reading: Reading) => {
  reading.leftOut.add("large", name);
  return reading.limits.depthMax;
});
