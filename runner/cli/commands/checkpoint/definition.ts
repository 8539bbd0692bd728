import { AGENT, ZONE } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const checkpoint = {
  name: "checkpoint",
  about:
    "Append a row to the tables of tokens and churn. They are Token_Churn_Ledger.csv and Churn_Ledger.csv in the data folder. A correction is a new row. What you leave out comes from the ledger, or stays empty.",
  args: [["<phase>", "when it is: plan, mid or final", ["plan", "mid", "final"]]],
  options: [
    ["--session <name>", "the session (default: the window, otherwise the day)"],
    ["--task <text>", "what is worked on"],
    ["--notes <text>", "what was unusual"],
    ZONE,
    [
      "--handoff <file>",
      "measure the window's churn, and write the paths of both tables between two markers of this page",
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
      ["--planned <tokens>", "tokens that are planned (default: as in the session's plan)"],
      ["--actual <tokens>", "tokens that were used (default: the window's, by the ledger)"],
      ["--commits <number>", "commits of the work (default: the window's, by its churn)"],
      ["--lines <number>", "net lines (default: the window's churn)"],
      ["--features <number>", "features that are done (default: the window's)"],
      ["--tests <number>", "tests that were added"],
    ],
  },
  examples: [
    ["checkpoint plan --session monday --task search --planned 120000", "before the work"],
    ["checkpoint final --window W0-07 --session monday --task search", "after it"],
  ],
} as const satisfies CommandDefinition;
