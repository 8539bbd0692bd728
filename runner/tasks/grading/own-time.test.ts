import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

import { expect, test } from "vitest";

import { OwnTime, type ProcessReading, readProcessTree } from "./own-time.ts";

const STILL: ProcessReading = { cpuMs: 10, delayMs: 5, isHeld: false };

test.each([
  { what: "computing", now: { ...STILL, cpuMs: 110 }, own: 100 },
  { what: "sleeping", now: STILL, own: 100 },
  { what: "waiting for a core", now: { ...STILL, delayMs: 95 }, own: 10 },
  { what: "stopped", now: { ...STILL, isHeld: true }, own: 0 },
  {
    what: "computing in threads that take the cores from each other",
    now: { cpuMs: 210, delayMs: 305, isHeld: false },
    own: 200,
  },
  { what: "on a system without /proc", now: undefined, own: 100 },
])("$what for 100 ms is $own ms of its own time", ({ now, own }) => {
  const meter = new OwnTime(400);
  expect(meter.sample(1000, STILL)).toBe(0);
  expect(meter.sample(1100, now)).toBe(own);
});

test("what passed while the sampler itself was stopped is not the process's own time", () => {
  const meter = new OwnTime(400);
  meter.sample(1000, STILL);
  expect(meter.sample(15_000, STILL)).toBe(400);
});

test("the time after a process was continued counts again", () => {
  const meter = new OwnTime(400);
  meter.sample(1000, { ...STILL, isHeld: true });
  expect(meter.sample(1100, STILL)).toBe(0);
  expect(meter.sample(1200, STILL)).toBe(100);
});

test.runIf(existsSync("/proc/self/schedstat"))(
  "the reading of a process holds its children's CPU time, and says that it is stopped",
  async () => {
    const busy =
      "while (process.cpuUsage().user < 3e5); console.log(1); setInterval(() => {}, 1e3);";
    const shell = spawn("/bin/sh", ["-c", '"$0" -e "$1"; :', process.execPath, busy], {
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
    });
    const pid = shell.pid ?? 0;
    try {
      await new Promise((done) => shell.stdout.once("data", done));
      expect(readProcessTree(pid)?.cpuMs).toBeGreaterThan(250);
      process.kill(-pid, "SIGSTOP");
      await expect.poll(() => readProcessTree(pid)?.isHeld).toBe(true);
    } finally {
      process.kill(-pid, "SIGKILL");
    }
  },
);

test("a process that is gone has no reading", () => {
  expect(readProcessTree(2 ** 30)).toBeUndefined();
});
