import { AGENT, ZONE } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const checkpoint = {
  name: "checkpoint",
  about:
    "Append a usage row to the tables of tokens and churn. They are Token_Churn_Ledger.csv and Churn_Ledger.csv in the data folder. The command takes what you leave out from the ledger, or leaves it empty. To correct a usage row, append another one.",
  args: [["<phase>", "the phase of the work: plan, mid or final", ["plan", "mid", "final"]]],
  options: [
    ["--session <name>", "the session (default: the window, otherwise the day)"],
    ["--task <text>", "the task"],
    ["--notes <text>", "what was unusual"],
    ZONE,
    [
      "--handoff <file>",
      "measure the window's churn, and write the paths of both tables into this page, between two markers",
    ],
    ["--repo <folder>", "the repository of that churn (default: the current folder's)"],
    ...AGENT,
  ],
  optionGroups: {
    Window: [
      ["--window <window>", "the window, such as W0-07 (default: the agent's current one)"],
      ["--provider <name>", "only this provider's work"],
    ],
    Figures: [
      ["--planned <tokens>", "planned tokens (default: as in the session's plan)"],
      ["--actual <tokens>", "used tokens (default: the window's, by the ledger)"],
      ["--commits <number>", "commits of the work (default: the window's, by its churn)"],
      ["--lines <number>", "net lines (default: the window's churn)"],
      ["--features <number>", "finished features (default: the window's)"],
      ["--tests <number>", "added tests"],
    ],
  },
  examples: [
    ["checkpoint plan --session monday --task search --planned 120000", "before the work"],
    ["checkpoint final --window W0-07 --session monday --task search", "after it"],
  ],
} as const satisfies CommandDefinition;
