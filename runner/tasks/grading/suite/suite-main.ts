/**
 * The trusted process. It runs a task's acceptance suite and reports the result of each scenario.
 * Arguments: the folder of the suite, and a JSON object that says what to run.
 */
import { Writable } from "node:stream";

import { loadConfiguration, runCucumber } from "@cucumber/cucumber/api";

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
  const environment = { cwd, env: {}, stdout: nowhere(), stderr: process.stderr };
  const { runConfiguration } = await loadConfiguration(
    {
      file: false,
      provided: {
        paths: [...plan.features],
        import: [...plan.steps],
        publish: false,
        // Nobody reads it, and other formats take a tenth of the time of a short suite.
        format: ["message"],
      },
    },
    environment,
  );
  const reports = new ScenarioReports(tell);
  await runCucumber(runConfiguration, environment, (envelope) => reports.receive(envelope));
  const { faults, cucumberVersion } = reports;
  tell({ kind: "run_finished", faults, cucumberVersion });
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
