/**
 * A process that runs a task's acceptance suite with the solution and then with each of its mutants. It
 * loads cucumber and the steps once. Argument: a JSON object that says what to run.
 */
import { loadSupport, runCucumber } from "@cucumber/cucumber/api";

import { configureSuite } from "../../grading/suite/configure-suite.ts";
import { holdHosts } from "../../grading/suite/runner-channel.ts";
import { ScenarioReports } from "../../grading/suite/scenario-reports.ts";
import { FirstFailure } from "./first-failure.ts";
import type { MutantPlan, MutantReport } from "./mutant-message.ts";
import { MutantThreads } from "./mutant-threads.ts";

process.on("disconnect", () => process.exit(1));
await run(JSON.parse(process.argv[2] ?? "{}"));
process.disconnect();

async function run(plan: MutantPlan): Promise<void> {
  const { suite, features, steps, solution, module, mutants } = plan;
  const { environment, runConfiguration } = await configureSuite(suite, {
    paths: [...features],
    import: [...steps],
    // The first scenario that fails kills a mutant.
    failFast: true,
  });
  const threads = new MutantThreads({ solution, module });
  holdHosts(threads);
  const support = await loadSupport(runConfiguration, environment);
  for (const mutant of mutants) {
    threads.mutant = mutant;
    const scenarios = new FirstFailure();
    const reports = new ScenarioReports((report) => scenarios.receive(report));
    await runCucumber({ ...runConfiguration, support }, environment, (envelope) =>
      reports.receive(envelope),
    );
    tell({ mutant, failed: scenarios.failed, faults: reports.faults });
    // A suite that fails the solution says nothing about its mutants.
    if (mutant === null && scenarios.failed !== null) break;
  }
  threads.stopAll();
}

function tell(report: MutantReport): void {
  process.send?.(report);
}
