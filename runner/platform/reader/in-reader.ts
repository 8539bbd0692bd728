import { type LeftOut, LeftOutTally } from "./left-out.ts";
import { ReaderProcess } from "./reader-process.ts";
import { keepJob, type ReadingJob } from "./reading-job.ts";
import { READING_LIMITS, type ReadingLimits } from "./reading.ts";

/** What was read. */
export interface Read<Value> {
  /** Null if the reader did not come to its end. */
  readonly value: Value | null;
  readonly leftOut: readonly LeftOut[];
}

export interface ReadOptions {
  /** Aborted: the reader gets a few more seconds. */
  readonly signal?: AbortSignal | undefined;
  readonly limits?: ReadingLimits;
}

/** Readers that wait for their next job. */
const idle: ReaderProcess[] = [];

function takeIdle(): ReaderProcess | undefined {
  const reader = idle.pop();
  return reader?.isAlive === false ? takeIdle() : reader;
}

/**
 * Makes a job run in a reader: a process of its own, which is ended when it takes too long. So nothing that an agent
 * left can end this process, or keep it from answering.
 * @param module the URL of the module that calls this, which the reader loads too.
 */
export function inReader<Args, Value>(
  module: string,
  name: string,
  job: ReadingJob<Args, Value>,
): (args: Args, options?: ReadOptions) => Promise<Read<Value>> {
  keepJob({ module, name }, job);
  return async (args, { signal, limits = READING_LIMITS } = {}) => {
    const reader = takeIdle() ?? new ReaderProcess();
    const order = { module, name, args, limits };
    const answer = await reader.ask<Args, Value>(order, signal);
    if (reader.isAlive) idle.push(reader);
    if ("value" in answer) return answer;
    const leftOut = new LeftOutTally();
    leftOut.add("reader", answer.fault);
    return { value: null, leftOut: leftOut.list() };
  };
}
