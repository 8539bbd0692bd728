import { AGENT, WHICH_WINDOW } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const churn = {
  name: "churn",
  about:
    "Count the lines and files that changed in a window. Each counts once: a renamed file is one file, a binary file has no lines.",
  options: [
    ["--scenarios <number>", "acceptance scenarios of the feature; normalizes the net lines"],
    [
      "--plan <file>",
      "the plan that the work followed; compares its limit with the changed lines",
      { conflictsWith: "byFeature" },
    ],
    ["--by-feature", "only show what is in the ledger, by feature and provider"],
    ["--commit-start <commit>", "the commit that the work started from (default: as completed)"],
    ["--commit-end <commit>", "the commit that the work ended with (default: as completed)"],
    ["--repo <folder>", "the repository (default: the current folder's)"],
    ...AGENT,
  ],
  optionGroups: WHICH_WINDOW,
  examples: [
    ["churn --window W0-07 --commit-start HEAD~1 --commit-end HEAD", "in this repository"],
    ["churn --window W0-07 --repo ../project", "between the window's two commits"],
    ["churn --window W0-07 --repo ../project --plan plan.md", "whether it stayed within the plan"],
    ["churn --by-feature", "net lines by feature, and by scenario"],
  ],
} as const satisfies CommandDefinition;
