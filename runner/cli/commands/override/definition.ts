import { AGENT, AT, LATE, NOTES, WHICH_WINDOW } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const override = {
  name: "override",
  about: "Record a meter reading that you typed, with one meter or several.",
  options: [
    ["--phase <phase>", "which reading it is", { choices: ["before", "after"], isRequired: true }],
    [
      "--reading <reading>",
      "a meter as NAME=USED, or with its unit, limit and reset as 5h=12prompts/30@RESET; may be repeated",
      {
        isRepeatable: true,
        conflictsWith: ["meter", "used", "resetsAt", "minutes", "limit"],
      },
    ],
    ["--meter <name>", "one meter in options of its own, such as 5h or weekly"],
    ["--used <number>", "how much of it was used"],
    [
      "--unit <unit>",
      "the unit of every meter that names none",
      { choices: ["percent", "tokens", "prompts", "credits", "usd"], value: "percent" },
    ],
    ["--resets-at <time>", "when the meter resets, e.g. 2025-10-25T21:11:00+02:00"],
    ["--minutes <minutes>", "length of the limit's window (default: from the meter's name)"],
    ["--limit <number>", "the whole limit, in the meter's unit"],
    NOTES,
    ...AGENT,
  ],
  optionGroups: { ...WHICH_WINDOW, "Time of the reading": [AT, LATE] },
  examples: [
    [
      "override --window W0-12 --provider codex --phase before --meter weekly --used 42 --resets-at 2025-10-25T21:11:00Z --at 2025-10-19T14:00:00Z",
      "42 percent of the weekly limit is used",
    ],
    [
      "override --window W0-12 --provider glm --phase before --reading 5h=12@2025-10-19T16:00:00Z --reading weekly=40@2025-10-25T21:11:00Z --at 2025-10-19T14:00:00Z",
      "two meters of one reading, with their resets",
    ],
  ],
} as const satisfies CommandDefinition;
