import { DATA_DIR, EXPERIMENT, JSON_OUTPUT, STORE } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const compare = {
  name: "compare",
  about:
    "Compare what two providers used for the same features. It reads the ledger, or telemetry files of any proxy. If telemetry does not say how much input was cached, all of it is priced as uncached.",
  options: [
    ["--baseline <provider>", "the provider or backend to compare with", { isRequired: true }],
    ["--candidate <provider>", "the other one", { isRequired: true }],
    ["--telemetry <file>", "a telemetry file instead of the ledger", { isRepeatable: true }],
    EXPERIMENT,
    DATA_DIR,
    STORE,
    JSON_OUTPUT,
  ],
  examples: [
    ["compare --baseline codex --candidate glm", "the windows of the latest experiment"],
    ["compare --baseline anthropic --candidate glm --telemetry telemetry.jsonl", "a proxy's lines"],
  ],
} as const satisfies CommandDefinition;
