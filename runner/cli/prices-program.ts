import { Command } from "commander";

import { examples } from "./help-examples.ts";
import type { Joins } from "./load-command.ts";

/** Adds what can be asked of prices, and how they are renewed. */
export function addPricesCommands(program: Command, on: Joins): void {
  const prices = new Command("prices")
    .description("What models cost.")
    .addHelpText(
      "after",
      examples([["experiment prices list --model 'claude-*'", "what is known"]]),
    )
    .copyInheritedSettings(program);
  program.addCommand(
    prices
      .addCommand(on(list(), async () => (await import("./commands/prices.ts")).pricesList))
      .addCommand(on(refresh(), async () => (await import("./commands/prices.ts")).pricesRefresh)),
  );
}

function list(): Command {
  return new Command("list")
    .description("List the prices that an experiment here would use, your own first.")
    .option("--model <pattern>", "only models whose id fits, e.g. 'gpt-5*'")
    .option("--config <file>", "the configuration (default: experiment.yaml, where it exists)")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      examples([
        ["experiment prices list", "every model that has a price"],
        ["experiment prices list --model 'glm-*' --json", "some, for a script"],
      ]),
    );
}

function refresh(): Command {
  return new Command("refresh")
    .description("Make a price file of a local copy of the public LiteLLM list. Asks no network.")
    .requiredOption("--from <file>", "the copy: model_prices_and_context_window.json")
    .requiredOption("--out <file>", "the price file to write, YAML or JSON by its name")
    .option("--as-of <date>", "the day of the copy (default: when it was last written)")
    .option("--json", "print what was taken and what was left out as JSON")
    .addHelpText(
      "after",
      examples([
        [
          "experiment prices refresh --from model_prices_and_context_window.json --out prices.yaml",
          "then write prices: prices.yaml into experiment.yaml",
        ],
      ]),
    );
}
