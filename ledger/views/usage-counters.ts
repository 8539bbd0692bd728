import { Usage } from "../domain/usage.ts";

type Counter = Exclude<keyof Usage, "requests">;

/** The counters of a usage that a source may omit, in the order of the rows. */
export const USAGE_COUNTERS: readonly Counter[] = Usage.unwrap()
  .keyof()
  .options.filter((counter) => counter !== "requests");
