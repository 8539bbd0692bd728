import { Command } from "commander";

import { withBudgets } from "./budget-options.ts";
import { examples } from "./help-examples.ts";
import type { Joins } from "./load-command.ts";

/** Adds the proxy for agents that are started by hand, and what can be asked of it. */
export function addProxyCommands(program: Command, on: Joins): void {
  program.addCommand(
    on(proxy(), async () => (await import("./commands/proxy.ts")).proxy)
      .addCommand(
        on(status(), async () => (await import("./commands/proxy-status.ts")).proxyStatus),
      )
      .addCommand(
        on(explain(), async () => (await import("./commands/proxy-explain.ts")).proxyExplain),
      ),
  );
}

function proxy(): Command {
  return withBudgets(withDataFolder(new Command("proxy")))
    .description("Meter, route and budget agents that you start yourself, until Ctrl-C.")
    .option("--config <file>", "the configuration (default: experiment.yaml, where it exists)")
    .option("--provider <id>", "open a door for this provider alone")
    .option(
      "--window <window>",
      "the first provider's window; the others get those after it",
      "W0-01",
    )
    .option("--port <port>", "the port on 127.0.0.1 (default: any that is free)")
    .option("--mitm", "open a door for HTTPS_PROXY as well")
    .option("--record <folder>", "keep what passes, without credentials, to replay it later")
    .option("--replay <folder>", "answer from such a recording; nothing goes to a vendor")
    .option("--replay-timing <timing>", "original keeps the pauses; zero (default) does not")
    .addHelpText(
      "after",
      examples([
        ["experiment proxy --config experiment.yaml", "prints each provider's base URL"],
        ["experiment proxy --provider claude --window W0-07", "for a window worked by hand"],
        ["experiment proxy --record tape", "keeps requests and answers in tape/"],
        ["experiment proxy --replay tape", "the same answers, at no cost"],
      ]),
    );
}

function status(): Command {
  return withDataFolder(new Command("status"))
    .description("How the running proxy stands: in flight, windows, budgets, upstreams.")
    .option("--json", "print it as JSON")
    .addHelpText("after", examples([["experiment proxy status --json", "for a script"]]));
}

function explain(): Command {
  return new Command("explain")
    .description("Which route a request takes, and why. Nothing is sent.")
    .argument("<request>", "a JSON file: a request's body, or an object of headers and body")
    .option("--config <file>", "the configuration (default: experiment.yaml, where it exists)")
    .option("--seed <seed>", "the seed that draws the shares")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      examples([["experiment proxy explain request.json", "for every provider with routes"]]),
    );
}

function withDataFolder(command: Command): Command {
  return command.option("--data-dir <folder>", "where everything is kept (default: .experiment)");
}
