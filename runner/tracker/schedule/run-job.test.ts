import { PassThrough } from "node:stream";

import { expect, it } from "vitest";

import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import { type Environment, systemClock } from "../../platform/environment/environment.ts";
import { runJob } from "./run-job.ts";

it("fails, and ends no schedule, if its command fails", async () => {
  const fault = "experiment: This program was replaced or removed: Cannot find module.";
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
  const run = async (_args: readonly string[], { stderr }: Environment) => {
    stderr.write(`${fault}\nStart it again.\n`);
    return await Promise.resolve(EXIT.failed);
  };
  const place = { values: {}, variables: {}, signal: new AbortController().signal, run };
  const { exitCode, said } = await runJob(job, place, environment);
  expect(exitCode).toBe(EXIT.failed);
  expect(said).toBe(fault);
});
