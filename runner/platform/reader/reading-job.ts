import type { LeftOut } from "./left-out.ts";
import type { Reading, ReadingLimits } from "./reading.ts";

/** A function that reads what an agent left. Its arguments and its result pass between processes. */
export type ReadingJob<Args, Value> = (args: Args, reading: Reading) => Promise<Value>;

/** The module of a job, by its URL, and the job's name there. */
export interface JobName {
  readonly module: string;
  readonly name: string;
}

/** What a reader is to do. */
export interface ReadingOrder<Args> extends JobName {
  readonly args: Args;
  readonly limits: ReadingLimits;
}

export type ReadingAnswer<Value> =
  | { readonly value: Value; readonly leftOut: readonly LeftOut[] }
  /** Why there is no result. */
  | { readonly fault: string };

/** The jobs of the modules that are loaded. */
const jobs = new Map<string, ReadingJob<never, unknown>>();

export function keepJob(name: JobName, job: ReadingJob<never, unknown>): void {
  jobs.set(keyOf(name), job);
}

/** The job of a module that is loaded. */
export function jobOf(name: JobName): ReadingJob<never, unknown> {
  const job = jobs.get(keyOf(name));
  if (job === undefined) throw new Error(`There is no job ${keyOf(name)}.`);
  return job;
}

function keyOf({ module, name }: JobName): string {
  return `${module} ${name}`;
}
