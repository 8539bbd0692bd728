import { PassThrough } from "node:stream";

import { expect, it, onTestFinished, vi } from "vitest";

import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import { systemClock } from "../../platform/environment/environment.ts";
import { runJob } from "./run-job.ts";

const PROGRAM = "../run-command-line.ts";

it("fails, and ends no schedule, if the program was replaced by another version", async () => {
  vi.doMock(PROGRAM, () => {
    throw new Error("Cannot find module");
  });
  onTestFinished(() => {
    vi.doUnmock(PROGRAM);
  });
  const environment = {
    clock: systemClock,
    cwd: process.cwd(),
    variables: {},
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    isRoot: false,
    canMount: false,
    platform: process.platform,
    publicLoopbackPort: undefined,
    randomId: () => "id",
    onInterrupt: () => () => false,
  };
  const when = { kind: "daily", time: "06:30" } as const;
  const job = { when, line: "experiment preview", capture: undefined, command: ["preview"] };
  const place = { values: {}, variables: {}, signal: new AbortController().signal };
  const { exitCode, said } = await runJob(job, place, environment);
  expect(exitCode).toBe(EXIT.failed);
  expect(said).toMatch(/^This program was replaced or removed: .*Start schedule run again\.$/u);
});
