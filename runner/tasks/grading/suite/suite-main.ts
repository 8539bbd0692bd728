/**
 * The trusted process. It runs a task's acceptance suite and reports the result of each scenario.
 * Arguments: the folder of the suite, and a JSON object that says what to run.
 */
import { runCucumber } from "@cucumber/cucumber/api";

import { configureSuite } from "./configure-suite.ts";
import { tell } from "./runner-channel.ts";
import { ScenarioReports } from "./scenario-reports.ts";

/** What the runner writes and this process reads, which starts sooner without a library to check it. */
export interface SuitePlan {
  /** Feature files, each optionally followed by `:line`. */
  readonly features: readonly string[];
  /** Relative globs of step definitions. An absolute glob would need read access to every folder above. */
  readonly steps: readonly string[];
}

process.on("disconnect", () => process.exit(1));
await run(process.argv[2] ?? "", JSON.parse(process.argv[3] ?? "{}"));
process.disconnect();

async function run(cwd: string, plan: SuitePlan): Promise<void> {
  const { environment, runConfiguration } = await configureSuite(cwd, {
    paths: [...plan.features],
    import: [...plan.steps],
    // Nobody reads it, and other formats take a tenth of the time of a short suite.
    format: ["message"],
  });
  const reports = new ScenarioReports(tell);
  await runCucumber(runConfiguration, environment, (envelope) => reports.receive(envelope));
  const { faults, cucumberVersion } = reports;
  tell({ kind: "run_finished", faults, cucumberVersion });
}
