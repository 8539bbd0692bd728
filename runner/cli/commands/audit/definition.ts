import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { DATA_DIR, JSON_OUTPUT, ONE_EXPERIMENT, STORE, WINDOW } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const audit = {
  name: "audit",
  about:
    "Show what a window lacks before it counts. This works for manual windows and for windows of run.",
  options: [WINDOW, ONE_EXPERIMENT, DATA_DIR, STORE, JSON_OUTPUT],
  examples: [
    ["audit --window W0-07", "its readings, its completion and its anomalies"],
    ["audit --window W0-07 --experiment manual", "only the manual window"],
  ],
  exits: { [EXIT.done]: "the window counts", [EXIT.failed]: "the window does not count" },
} as const satisfies CommandDefinition;
