import { AGENT, NOTES, WHICH_WINDOW } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const complete = {
  name: "complete",
  about:
    "Make a manual window final. A second call corrects the first. What you leave out stays unknown: the program never assumes a score.",
  options: [
    ["--feature <id>", "the feature of this window", { isRequired: true }],
    ["--outcome <outcome>", "how it ended, such as pass, partial or fail", { isRequired: true }],
    ["--quality <share>", "share of acceptance scenarios passed, 0 to 1"],
    ["--reason <sentence>", "why it ended so"],
    NOTES,
    ["--methodology <name>", "how the work was done"],
    ["--commit-start <commit>", "the commit that the work started from"],
    ["--commit-end <commit>", "the commit that the work ended with"],
    ["--repo <folder>", "the repository of commits by name (default: the current folder's)"],
    ["--baseline <provider>", "the provider that others are compared with; remembered"],
    ...AGENT,
  ],
  optionGroups: WHICH_WINDOW,
  examples: [
    [
      "complete --window W0-07 --feature lru-cache --outcome pass --quality 0.9 --commit-start HEAD~1 --commit-end HEAD",
      "9 of 10 acceptance scenarios passed",
    ],
  ],
} as const satisfies CommandDefinition;
