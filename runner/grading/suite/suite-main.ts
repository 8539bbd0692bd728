/**
 * The trusted process: it runs a task's acceptance suite and tells the runner what became of each scenario.
 * Arguments: the folder of the suite, then what to run as a JSON object.
 */
import { Writable } from "node:stream";

import { loadConfiguration, runCucumber } from "@cucumber/cucumber/api";
import { z } from "zod";

import { tell } from "./runner-channel.ts";
import { ScenarioReports } from "./scenario-reports.ts";

const SuitePlan = z.strictObject({
  /** Feature files, each perhaps with `:line` after it. */
  features: z.array(z.string()),
  /** Globs of step definitions, relative: to follow an absolute one every folder above would have to be read. */
  steps: z.array(z.string()),
});
export type SuitePlan = z.infer<typeof SuitePlan>;

process.on("disconnect", () => process.exit(1));
await run(process.argv[2] ?? "", SuitePlan.parse(JSON.parse(process.argv[3] ?? "{}")));
process.disconnect();

async function run(cwd: string, plan: SuitePlan): Promise<void> {
  const environment = { cwd, env: {}, stdout: nowhere(), stderr: process.stderr };
  const { runConfiguration } = await loadConfiguration(
    {
      file: false,
      provided: { paths: [...plan.features], import: [...plan.steps], publish: false },
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
