import { systemClock } from "../environment/environment.ts";
import { jobOf, type ReadingAnswer, type ReadingOrder } from "./reading-job.ts";
import { Reading } from "./reading.ts";

// The process that asks may be gone while this one reads.
process.on("disconnect", () => process.exit());
process.on("message", (order: ReadingOrder<never>) => {
  void carryOut(order).then((answer) => process.send?.(answer));
});

async function carryOut(order: ReadingOrder<never>): Promise<ReadingAnswer<unknown>> {
  try {
    await import(order.module);
    const reading = new Reading(systemClock, order.limits);
    const value = await jobOf(order)(order.args, reading);
    return { value, leftOut: reading.leftOut.list() };
  } catch (error) {
    return { fault: String(error) };
  }
}
