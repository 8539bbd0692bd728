import { AGENT } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const undo = {
  name: "undo",
  about: "Exclude a row of a manual window. The row stays in the ledger; nothing is edited.",
  options: [
    ["--id <id>", "the row (default: the agent's last one)"],
    ["--window <window>", "the agent's latest row of this window", { conflictsWith: "id" }],
    ["--provider <name>", "the agent's latest row of this provider", { conflictsWith: "id" }],
    [
      "--phase <phase>",
      "the agent's latest such reading",
      { choices: ["before", "after"], conflictsWith: "id" },
    ],
    ["--reason <sentence>", "why"],
    ...AGENT,
  ],
  examples: [
    ["undo", "the last reading, churn or completion"],
    ["undo --window W0-07 --phase after", "the latest reading after one window"],
    ["undo --id 3f2a9c10 --reason 'wrong pane'", "one particular row"],
  ],
} as const satisfies CommandDefinition;
