import path from "node:path";

import type { Order, Report } from "./order.ts";
import { TestRunner } from "./test-runner.ts";

/** Runs scenarios. A mutant fails only those that pass without it. */
export class ScenarioRunner {
  readonly #runner: TestRunner;

  constructor(copy: string) {
    this.#runner = new TestRunner([path.join(import.meta.dirname, "scenario-process.ts"), copy]);
  }

  async run(order: Order, limitMs: number): Promise<Report | null> {
    let report = await this.#try(order, limitMs);
    let left = order.files;
    while (order.mutant !== null && report !== null && report.failed.length > 0) {
      const { failed } = report;
      const again = await this.#runner.run({ mutant: null, files: failed }, limitMs);
      if (again?.failed.length === 0) break;
      await this.#runner.stop();
      left = left.filter((scenario) => !failed.includes(scenario));
      report = await this.#try({ ...order, files: left }, limitMs);
    }
    return report;
  }

  async stop(): Promise<void> {
    await this.#runner.stop();
  }

  /** What a mutant broke, or what was loaded with it, is gone afterwards. */
  async #try(order: Order, limitMs: number): Promise<Report | null> {
    if (order.isLoaded === true) await this.#runner.stop();
    const report = await this.#runner.run(order, limitMs);
    const isSpoilt = order.isLoaded === true || (report?.failed.length ?? 0) > 0;
    if (order.mutant !== null && isSpoilt) await this.#runner.stop();
    return report;
  }
}
