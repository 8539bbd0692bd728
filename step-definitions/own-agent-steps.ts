import { Given } from "@cucumber/cucumber";

import { SERVER_MODELS } from "./support/counting-server.ts";
import { onServer } from "./support/experiment-file.ts";
import { writeExperiment } from "./support/lab.ts";
import { OWN_AGENT } from "./support/own-agent.ts";
import type { ExperimentWorld } from "./support/world.ts";

const FIELDS = {
  input: "result.usage.input_tokens",
  output: "result.usage.output_tokens",
  cache_read: "result.usage.cache_read_input_tokens",
  cache_write: "result.usage.cache_creation_input_tokens",
};

Given(
  "an experiment of {string} with a program of the user's own on that server",
  function (this: ExperimentWorld, task: string) {
    this.write("agent/main.mjs", OWN_AGENT);
    const words = [process.execPath, "{folder}/agent/main.mjs"];
    const [one, two] = SERVER_MODELS;
    const command = [...words, "{model}", "{prompt_file}"];
    writeExperiment(this, {
      task,
      providers: {
        file: {
          ...onServer("command", one),
          command,
          agent: {
            env: { OWN_HOME: "{home}" },
            version: [...words, "--version"],
            usage: { file: "usage.json", ...FIELDS },
          },
        },
        output: { ...onServer("command", two), command, agent: { usage: FIELDS } },
      },
    });
  },
);
