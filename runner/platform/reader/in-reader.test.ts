import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";
import { z } from "zod";

import { READING_LIMITS } from "./reading.ts";
import { echo, fail, fillMemory, leave, spin } from "./test-support/jobs.ts";

const SOON = { ...READING_LIMITS, ms: 1000 };
const LOOK_MS = 20;
const Answer = z.object({ pid: z.number() });
const pidOf = async () => Answer.parse((await echo(null)).value).pid;

test("a job runs in another process, which serves the next one too", async () => {
  const args = { text: "a", bytes: Buffer.from([1]), none: undefined };
  expect((await echo(args)).value).toEqual({ args, pid: expect.any(Number) });
  const pid = await pidOf();
  expect(pid).not.toBe(process.pid);
  expect(await pidOf()).toBe(pid);
});

test("jobs at the same time have readers of their own", async () => {
  const pids = await Promise.all([pidOf(), pidOf(), pidOf()]);
  expect(new Set(pids).size).toBe(3);
});

test("what a job leaves out comes with its result", async () => {
  const limits = { ...READING_LIMITS, depthMax: 7 };
  const leftOut = [{ reason: "large", count: 1, first: ["a?b"] }];
  expect(await leave("a\u001bb", { limits })).toEqual({ value: 7, leftOut });
});

const failed = (why: unknown) => ({
  value: null,
  leftOut: [{ reason: "reader", count: 1, first: [why] }],
});

test("a reader that takes too long is ended, and the next job has another one", async () => {
  const before = await pidOf();
  const spinning = spin(null, { limits: SOON });
  // This process answers meanwhile.
  await sleep(0);
  expect(await spinning).toEqual(failed("ended after 1 s"));
  const after = await pidOf();
  expect(after).not.toBe(before);
  await gone(before);
});

test("after Ctrl-C a reader has a few more seconds", async () => {
  const abort = new AbortController();
  const spinning = spin(null, { signal: abort.signal });
  abort.abort();
  expect(await spinning).toEqual(failed("ended after Ctrl-C"));
  expect(await spin(null, { signal: abort.signal })).toEqual(failed("ended after Ctrl-C"));
});

test("a text that fills all memory ends the reader, and nothing else", async () => {
  expect(await fillMemory(null)).toEqual(failed("died"));
  expect(await pidOf()).toBeGreaterThan(0);
});

test("a failed job is reported, and its reader continues", async () => {
  expect(await fail("too deep")).toEqual(failed("RangeError: too deep"));
});

test("a reader ends with the process that it reads for, and does not keep it from ending", async () => {
  const jobs = fileURLToPath(new URL("test-support/jobs.ts", import.meta.url));
  const script = `import { echo } from ${JSON.stringify(jobs)}; const { value } = await echo(null); process.stdout.write(String(value.pid));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script]);
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  await once(child, "close");
  expect(child.exitCode).toBe(0);
  await gone(Number(said));
});

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(LOOK_MS);
  }
}
