import type { CommandDefinition } from "../../definition.ts";

export const init = {
  name: "init",
  about:
    "Write an experiment.yaml for your agents and this repository. It asks at most five questions on a terminal, and makes tasks from the last commits.",
  options: [
    ["--config <file>", "the file to write", { value: "experiment.yaml" }],
    ["--yes", "ask nothing and take the proposed answers"],
  ],
  examples: [
    ["init", "write experiment.yaml"],
    ["init --yes", "without a question, for scripts"],
    ["init --config second.yaml", "write another file"],
  ],
} as const satisfies CommandDefinition;
