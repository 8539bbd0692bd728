import { Command } from "commander";

import { examples } from "./help-examples.ts";
import type { Joins } from "./load-command.ts";

/** Adds the commands around analysis and decisions. */
export function addDecisionCommands(program: Command, on: Joins): void {
  program
    .addCommand(on(analyze(), async () => (await import("./commands/analyze.ts")).analyze))
    .addCommand(on(simulate(), async () => (await import("./commands/simulate.ts")).simulate));
}

function analyze(): Command {
  return new Command("analyze")
    .description("Analyse windows from anywhere: a CSV or a JSON array.")
    .argument(
      "<file>",
      "feature,replicate,provider,period,cost,quality,errors,requests,latencies_ms",
    )
    .requiredOption("--baseline <provider>", "the provider that the others are compared with")
    .option("--seed <seed>", "the seed of resampling (default: 1)")
    .option("--gates <file>", "thresholds (default: those that come with the product)")
    .option("--policy <policy>", "literal, standard or strict")
    .option("--json", "print it as JSON, with the field names of the statistical specification")
    .addHelpText(
      "after",
      examples([
        ["experiment analyze windows.csv --baseline claude", "the whole analysis as text"],
        ["experiment analyze windows.json --baseline claude --json", "for a script"],
      ]),
    );
}

function simulate(): Command {
  return new Command("simulate")
    .description("Simulate experiments whose truth is known: does the inference keep its promises?")
    .option("--seed <seed>", "the seed of every draw (default: 1)")
    .option("--experiments <count>", "simulated experiments a cell (default: 1000)")
    .option("--cell <name>", "one cell, or a group of them, such as gate")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      examples([
        ["experiment simulate", "every cell, quickly"],
        ["experiment simulate --cell coverage-12 --experiments 10000", "one cell, thoroughly"],
      ]),
    );
}
