import { Given, When } from "@cucumber/cucumber";

import { runKept } from "./support/kept-runs.ts";
import { useOwnUpstream } from "./support/own-upstream.ts";
import { SMALL_MODEL, smallExperiment } from "./support/small-experiment.ts";
import { failureBody, sendAsStream, sendJson } from "./support/upstream-answers.ts";
import type { ExperimentWorld } from "./support/world.ts";

const TOO_MANY_REQUESTS = 429;
const LOOK_AROUND = { type: "tool_use", id: "toolu_1", name: "list_files", input: {} };

Given("a small experiment", function (this: ExperimentWorld) {
  this.write("experiment.yaml", smallExperiment());
});

Given(
  /^a small experiment (whose providers differ in their names alone|of two simultaneous features|whose model answers with \d+ tokens|whose model takes \d+ ms to answer)$/u,
  function (this: ExperimentWorld, how: string) {
    const number = Number(/\d+/u.exec(how)?.[0]);
    const features = ["lru-cache", "rate-limiter"];
    const text = smallExperiment({
      ...(how.endsWith("alone") ? { secondModel: SMALL_MODEL } : {}),
      ...(how.endsWith("features") ? { features, concurrency: 2 } : {}),
      ...(how.endsWith("tokens") ? { answerTokens: number } : {}),
      ...(how.endsWith("to answer") ? { latencyMs: number } : {}),
    });
    this.write("experiment.yaml", text);
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
  "a small experiment whose upstream answers once with {int} tokens and then says 429",
  async function (this: ExperimentWorld, outputTokens: number) {
    const again = { content: [LOOK_AROUND], stopReason: "tool_use", outputTokens } as const;
    await useOwnUpstream(this, (response, _, nth) =>
      nth === 1
        ? sendAsStream(response, again)
        : sendJson(response, failureBody("Made up."), TOO_MANY_REQUESTS),
    );
  },
);
