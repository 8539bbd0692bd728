/**
 * A process that runs a task's acceptance suite with the solution and then with each of its mutants. It
 * loads cucumber and the steps once. Argument: a JSON object that says what to run.
 */
import { Writable } from "node:stream";

import { loadConfiguration, loadSupport, runCucumber } from "@cucumber/cucumber/api";

import { holdHosts } from "../../grading/suite/runner-channel.ts";
import { ScenarioReports } from "../../grading/suite/scenario-reports.ts";
import { FirstFailure } from "./first-failure.ts";
import type { MutantPlan, MutantReport } from "./mutant-message.ts";
import { MutantThreads } from "./mutant-threads.ts";

process.on("disconnect", () => process.exit(1));
await run(JSON.parse(process.argv[2] ?? "{}"));
process.disconnect();

async function run({
  suite,
  features,
  steps,
  solution,
  module,
  mutants,
}: MutantPlan): Promise<void> {
  const environment = { cwd: suite, env: {}, stdout: nowhere(), stderr: process.stderr };
  const { runConfiguration } = await loadConfiguration(
    {
      file: false,
      provided: {
        paths: [...features],
        import: [...steps],
        publish: false,
        // The first scenario that fails kills a mutant.
        failFast: true,
      },
    },
    environment,
  );
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

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
