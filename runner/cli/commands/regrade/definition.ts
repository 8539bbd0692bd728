import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { BANK, DATA_DIR, EXPERIMENT, STORE } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const regrade = {
  name: "regrade",
  about:
    "Grade the kept work of final windows again. The command uses the present bank and grader, and keeps the first grades.",
  options: [
    ["--window <window>", "one window (default: all with kept work)"],
    ["--times <count>", "gradings of each window (default: 1)"],
    EXPERIMENT,
    DATA_DIR,
    STORE,
    ...BANK,
  ],
  examples: [
    ["regrade --window W0-01 --times 20", "how far the grader agrees with itself"],
    ["regrade", "what a changed suite or grader says about the same work"],
  ],
  exits: { [EXIT.failed]: "a grading failed, or kept work is lost" },
} as const satisfies CommandDefinition;
