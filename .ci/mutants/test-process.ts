/**
 * A process that keeps vitest and what it has compiled, and runs test files for one mutant after the other.
 * Arguments: the copy of the repository, and whether each file gets a process of its own.
 */
import path from "node:path";

import { BaseSequencer, createVitest, type TestModule } from "vitest/node";

import type { Order, Report } from "./order.ts";

/** The order is that of the driver: first what fails soonest. */
class InOrder extends BaseSequencer {
  override sort: BaseSequencer["sort"] = async (files) => files;
}

const [root = "", apart = ""] = process.argv.slice(2);
process.chdir(root);
process.on("disconnect", () => process.exit());
/** Those of this run: vitest itself remembers earlier ones. */
const ended: TestModule[] = [];
const vitest = await createVitest({
  watch: false,
  root,
  config: path.join(root, "vitest.config.ts"),
  isolate: apart === "apart",
  bail: apart === "apart" ? 0 : 1,
  maxWorkers: 1,
  reporters: [{ onTestModuleEnd: (module) => void ended.push(module) }],
  setupFiles: apart === "apart" ? [path.join(import.meta.dirname, "note-coverage.ts")] : [],
  sequence: { sequencer: InOrder },
});
await vitest.standalone();
process.on("message", (order: Order) => void run(order));
process.send?.("ready");

async function run({ mutant, files }: Order): Promise<void> {
  if (mutant === null) delete process.env["__STRYKER_ACTIVE_MUTANT__"];
  else process.env["__STRYKER_ACTIVE_MUTANT__"] = mutant;
  const found = await vitest.globTestSpecifications([...files]);
  const specifications = files.flatMap((file) =>
    found.filter(({ moduleId }) => moduleId === path.join(root, file)),
  );
  ended.length = 0;
  const { unhandledErrors } = await vitest.runTestSpecifications(specifications);
  const report: Report = {
    ran: ended.map(nameOf),
    failed: ended.filter((one) => !one.ok()).map(nameOf),
    hasFault: unhandledErrors.length > 0,
  };
  process.send?.(report);
}

function nameOf({ moduleId }: TestModule): string {
  return path.relative(root, moduleId);
}
