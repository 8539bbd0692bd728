import type { CommandDefinition } from "../../definition.ts";
import { SHELLS } from "./shell-scripts.ts";

export const completion = {
  name: "completion",
  about:
    "Print a completion script for your shell. It completes commands, options, their values, experiments, tasks and files.",
  args: [
    ["<shell>", "the shell", SHELLS],
    ["[words...]", "the words so far; the script itself passes them after --"],
  ],
  examples: [
    ["completion bash > experiment.bash", "then write into ~/.bashrc: source …/experiment.bash"],
    ["completion zsh > _experiment", "into a folder that fpath names"],
    ["completion fish > experiment.fish", "into ~/.config/fish/completions"],
  ],
} as const satisfies CommandDefinition;
