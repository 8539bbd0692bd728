import { Command, Option } from "commander";

import { examples } from "./help-examples.ts";
import type { Joins } from "./load-command.ts";

/** Adds the commands around analysis and decisions. */
export function addDecisionCommands(program: Command, on: Joins): void {
  program
    .addCommand(on(analyze(), async () => (await import("./commands/analyze.ts")).analyze))
    .addCommand(on(simulate(), async () => (await import("./commands/simulate.ts")).simulate))
    .addCommand(on(gate(), async () => (await import("./commands/gate.ts")).gate))
    .addCommand(backlog(program, on));
}

function gate(): Command {
  return withDataFolder(new Command("gate"))
    .description("Should one seat be added? Exit code 0 is for expand alone.")
    .option("--experiment <id>", "one of several in the ledger (default: the latest)")
    .option("--config <file>", "the configuration that names a gate file")
    .option("--gates <file>", "other thresholds than the registered ones: an amendment")
    .option("--policy <policy>", "literal, standard or strict")
    .option("--json", "print it as JSON")
    .option("--junit <file>", "write it as JUnit XML too")
    .addHelpText(
      "after",
      examples([
        ["experiment gate", "what is decided, and what it would take"],
        ["experiment gate --junit gate.xml || exit 1", "for CI"],
      ]),
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 expand, 5 halted, 6 the ledger is damaged, 10 stay lean.",
    );
}

function backlog(program: Command, on: Joins): Command {
  return new Command("backlog")
    .description("Features that wait, and for what: the second gate reads it.")
    .copyInheritedSettings(program)
    .addHelpText(
      "after",
      examples([
        ["experiment backlog ready search-page", "it could be worked now"],
        ["experiment backlog block search-page --by capacity", "but for the provider's capacity"],
        ["experiment backlog list", "what waits, and what the gate counts"],
      ]),
    )
    .addCommand(
      on(
        ofFeature("ready", "A feature could be worked now."),
        async () => (await loadBacklog()).backlogReady,
      ),
    )
    .addCommand(
      on(
        ofFeature("block", "Something keeps a feature from being worked.").requiredOption(
          "--by <cause>",
          "capacity, tooling or docs",
        ),
        async () => (await loadBacklog()).backlogBlock,
      ),
    )
    .addCommand(
      on(
        ofFeature("unblock", "What kept a feature from being worked is gone.").option(
          "--by <cause>",
          "one cause (default: every cause)",
        ),
        async () => (await loadBacklog()).backlogUnblock,
      ),
    )
    .addCommand(
      on(
        withDataFolder(new Command("list"))
          .description("What waits, and what the gate counts.")
          .option("--json", "print it as JSON"),
        async () => (await loadBacklog()).backlogList,
      ),
    );
}

function ofFeature(name: string, description: string): Command {
  return withDataFolder(new Command(name))
    .description(description)
    .argument("<feature>", "its name")
    .option("--json", "print the backlog as JSON");
}

function withDataFolder(command: Command): Command {
  return command.option("--data-dir <folder>", "where everything is kept (default: .experiment)");
}

/** An operator's own stop rule, for `run`. */
export function stopWhenOption(): Option {
  return new Option(
    "--stop-when <condition>",
    "halt an arm, or all, when it holds, e.g. 'errors>0.1' or 'cost_usd>50' (list prices, also of a plan); repeatable",
  ).argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
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

async function loadBacklog() {
  return await import("./commands/backlog.ts");
}
