import { POLICY } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const analyze = {
  name: "analyze",
  about:
    "Analyse windows from anywhere. The file is a CSV or a JSON array with feature, replicate, provider, period, cost, quality, errors, requests and latencies_ms.",
  args: [["<file>", "CSV or JSON, with a line or an object for each window"]],
  options: [
    [
      "--baseline <provider>",
      "the provider that the others are compared with",
      { isRequired: true },
    ],
    ["--seed <seed>", "the seed for resampling (default: 1)"],
    ["--gates <file>", "thresholds (default: the built-in ones)"],
    POLICY,
    ["--json", "print JSON with the fields of analysis.schema.json"],
  ],
  examples: [
    ["analyze windows.csv --baseline claude", "the whole analysis as text"],
    ["analyze windows.json --baseline claude --json", "for a script"],
  ],
} as const satisfies CommandDefinition;
