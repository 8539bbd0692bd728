import { type DataTable, Given, When } from "@cucumber/cucumber";

import { runKept } from "./support/kept-runs.ts";
import { useOwnUpstream } from "./support/own-upstream.ts";
import { smallExperiment, smallExperimentWith } from "./support/small-experiment.ts";
import { failureBody, message, sendAsStream, sendJson } from "./support/upstream-answers.ts";
import type { ExperimentWorld } from "./support/world.ts";

const TOO_MANY_REQUESTS = 429;
const LOOK_AROUND = { type: "tool_use", id: "toolu_1", name: "list_files", input: {} };

Given(
  /^a small experiment(?: in "([^"]+)")?$/u,
  function (this: ExperimentWorld, file: string | undefined) {
    this.write(file ? file : "experiment.yaml", smallExperiment());
  },
);

/** A setting a line. */
Given(
  /^a small experiment(?: in "([^"]+)")? with:$/u,
  function (this: ExperimentWorld, file: string | undefined, settings: DataTable) {
    this.write(file ? file : "experiment.yaml", smallExperimentWith(settings.raw()));
  },
);

Given(
  "a small experiment whose upstream says that there is nothing to do",
  async function (this: ExperimentWorld) {
    const nothing = { content: [{ type: "text", text: "Done." }], stopReason: "end_turn" } as const;
    await useOwnUpstream(this, (response) => sendAsStream(response, nothing));
  },
);

Given("its file says {string}", function (this: ExperimentWorld, line: string) {
  this.write("experiment.yaml", `${this.read("experiment.yaml")}${line}\n`);
});

Given(
  "the variable {word} is {string}",
  function (this: ExperimentWorld, name: string, value: string) {
    this.variables[name] = value;
  },
);

When(
  "it {is} run with {string}",
  async function (this: ExperimentWorld, _isDone: boolean, options: string) {
    await runKept(this, options);
  },
);

Given(
  /^a small experiment whose upstream (?:answers once with (\d+) tokens and then says 429|never says what it took)$/u,
  async function (this: ExperimentWorld, tokens: string | undefined) {
    if (!tokens) {
      await useOwnUpstream(this, (response) => sendJson(response, message()));
      return;
    }
    const outputTokens = Number(tokens);
    const again = { content: [LOOK_AROUND], stopReason: "tool_use", outputTokens } as const;
    await useOwnUpstream(this, (response, _, nth) =>
      nth === 1
        ? sendAsStream(response, again)
        : sendJson(response, failureBody("Made up."), TOO_MANY_REQUESTS),
    );
  },
);
