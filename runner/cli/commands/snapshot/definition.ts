import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { AGENT, NOTES, WHEN_READ, WHICH_WINDOW } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const snapshot = {
  name: "snapshot",
  about:
    "Read a provider's meters from a captured pane. A window needs one reading before the work and one after it. The reading after it must be taken at least 5 minutes after a reset. With cross, --window names the next window. The next window becomes current if the window that ends was current.",
  args: [
    [
      "<phase>",
      "before opens a window, after ends it, cross ends one and opens the next",
      ["before", "after", "cross"],
    ],
    ["<source>", "the program that the pane belongs to", ["codex", "claude", "glm"]],
  ],
  options: [
    ["--file <file>", "the captured pane (default: stdin)"],
    ["--tmux <pane>", "capture this pane of tmux, such as work:0.1", { conflictsWith: "file" }],
    [
      "--run",
      "start the program in the background, read its limits, and stop it",
      { conflictsWith: ["file", "tmux", "at"] },
    ],
    ["--wait <seconds>", "with --run: how long to wait for the limits", { value: "60" }],
    ["--from <window>", "with cross: the window that the reading ends"],
    [
      "--accept-idle",
      "accept an after that is byte for byte the before, because nothing was used; records an anomaly",
    ],
    NOTES,
    ...AGENT,
  ],
  optionGroups: { ...WHICH_WINDOW, ...WHEN_READ },
  examples: [
    ["snapshot before codex --window W0-07 --file pane.txt", "from a file"],
    ["snapshot after codex --window W0-07 < pane.txt", "from stdin"],
    ["snapshot after claude --window W0-07 --run", "start claude in the background and ask it"],
    ["snapshot after codex --window W0-07 --tmux work:0.1", "from the screen of a pane of tmux"],
    [
      "snapshot cross codex --window W0-09 --file pane.txt",
      "end the open window and open W0-09 with one reading",
    ],
  ],
  exits: { [EXIT.failed]: "no meter could be read; the capture is kept" },
} as const satisfies CommandDefinition;
