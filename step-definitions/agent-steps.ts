import path from "node:path";

import { Given, Then } from "@cucumber/cucumber";

import { onScriptedModel, onServer } from "./support/experiment-file.ts";
import { waitForEndOf } from "./support/find-processes.ts";
import { seedThatStartsWith } from "./support/first-provider.ts";
import { labOf, writeExperiment } from "./support/lab.ts";
import { installAgent } from "./support/made-up-agent.ts";
import { BUILTIN_BANK } from "./support/own-bank.ts";
import { passTime } from "./support/set-clock.ts";
import { startStubModel } from "./support/stub-model.ts";
import type { ExperimentWorld } from "./support/world.ts";

const SOLUTION = path.join(BUILTIN_BANK, "lru-cache", "solution", "src", "lru-cache.ts");

const FILE = "experiment.yaml";
const MINUTE_MS = 60_000;
const POLL_MS = 20;

Given(
  "a {string} on the PATH that {behaviour}",
  function (this: ExperimentWorld, name: string, behaviour: string) {
    installAgent(this, { name, behaviour, solution: SOLUTION });
  },
);

Given(
  /^an experiment of "([^"]+)" where "([^"]+)" (on that server )?goes first and "([^"]+)" second$/u,
  // oxlint-disable-next-line max-params -- one for each of the sentence
  async function (
    this: ExperimentWorld,
    task: string,
    first: string,
    isOnServer: string | undefined,
    second: string,
  ) {
    if (!isOnServer) {
      const { url, stop } = await startStubModel([200]);
      labOf(this).serverUrl = url;
      this.cleanups.push(stop);
    }
    writeOrdered(this, { task, first, second });
  },
);

Given(
  "{int} minutes pass after the next answer, and {int} without a sign are too many",
  function (this: ExperimentWorld, minutes: number, idleMinutes: number) {
    this.write(FILE, `${this.read(FILE)}limits: { idle_minutes: ${idleMinutes} }\n`);
    // Commands see this clock from their start.
    passTime(this, 0);
    const answers = () => this.rowsOf("proxy_telemetry", "request_proxied").length;
    const answersBefore = answers();
    const poll = setInterval(() => {
      if (answers() === answersBefore) return;
      clearInterval(poll);
      passTime(this, minutes * MINUTE_MS);
    }, POLL_MS);
    this.cleanups.push(() => clearInterval(poll));
  },
);

Then("no process of the run is alive", async function (this: ExperimentWorld) {
  await waitForEndOf(this.folder);
});

function writeOrdered(
  world: ExperimentWorld,
  {
    task,
    first,
    second,
  }: { readonly task: string; readonly first: string; readonly second: string },
): void {
  const providers = { [first]: onServer(first, "any"), [second]: onScriptedModel(second) };
  const parts = { task, providers };
  writeExperiment(world, parts);
  writeExperiment(world, { ...parts, seed: seedThatStartsWith(world, first) });
}
