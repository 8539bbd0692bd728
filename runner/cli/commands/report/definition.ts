import { CONFIG_OF_EXPERIMENT, DATA_DIR, EXPERIMENT, STORE } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const report = {
  name: "report",
  about: "Write the report from the ledger. The same ledger gives the same bytes.",
  options: [
    EXPERIMENT,
    CONFIG_OF_EXPERIMENT,
    [
      "--format <formats>",
      "comma-separated list of markdown, html, json, csv, junit; or all (default: markdown,html,json)",
    ],
    ["--out <folder>", "the folder to write to (default: reports/EXPERIMENT in the data folder)"],
    DATA_DIR,
    STORE,
    ["--json", "print the report as JSON, write no files"],
    ["--without-code", "leave the agents' changes and logs out of report.html"],
  ],
  examples: [
    ["report", "report.md with its pictures, report.html and report.json"],
    ["report --format markdown,junit --out ci", "for a CI server, in the folder ci"],
    ["report --without-code", "for readers who may not see the code"],
    ["report --format csv", "each table as a file of comma-separated values"],
    ["report --json | jq '.comparisons[0].cost_ratio'", "one figure for a script"],
  ],
} as const satisfies CommandDefinition;
