import { DATA_DIR, EXPERIMENT, STORE } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const clean = {
  name: "clean",
  about:
    "Remove the workspaces of ended attempts, and unused captures. Reports and the ledger stay.",
  options: [EXPERIMENT, DATA_DIR, STORE, ["--dry-run", "list what would be removed, and keep it"]],
  examples: [["clean --dry-run", "list what would be removed"]],
} as const satisfies CommandDefinition;
