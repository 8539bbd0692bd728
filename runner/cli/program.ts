import { Command } from "commander";

import type { Environment } from "../environment.ts";
import { toolVersion } from "../package-folder.ts";
import { withBudgets } from "./budget-options.ts";
import { addDecisionCommands, stopWhenOption } from "./decision-program.ts";
import { guardValues } from "./guard-values.ts";
import { examples } from "./help-examples.ts";
import { addLedgerCommands } from "./ledger-program.ts";
import type { Load } from "./load-command.ts";
import { addPricesCommands } from "./prices-program.ts";
import { addProxyCommands } from "./proxy-program.ts";
import type { Result } from "./result.ts";
import { addTrackerCommands } from "./tracker-program.ts";

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 bad usage or configuration, 3 refused by an invariant,
4 stopped by a budget, 5 halted by a stop rule, 6 the ledger is damaged, 130 interrupted
with everything saved.`;

/** Describes every command; `conclude` gets what the called one hands back. */
export function createProgram(
  environment: Environment,
  conclude: (result: Result) => void,
): Command {
  const program = new Command("experiment")
    .description("Compare coding agents by experiment, on your own tasks.")
    .version(toolVersion())
    .addHelpText(
      "after",
      examples([
        ["experiment run --seed 42", "the rehearsal: no configuration, no network, no key"],
        ["experiment init", "a configuration for the agents on this machine"],
      ]),
    )
    .addHelpText("after", EXIT_CODES)
    .configureOutput({
      writeOut: (text) => environment.stdout.write(text),
      writeErr: (text) => environment.stderr.write(text),
      // Said where all failures are said, with what to do about it.
      outputError: () => undefined,
    })
    .exitOverride();

  function on<Options>(command: Command, load: Load<Options>): Command {
    return guardValues(command)
      .copyInheritedSettings(program)
      .action(async () => {
        const act = await load();
        conclude(
          await act(
            Object.assign(command.opts<Options & object>(), argumentsOf(command)),
            environment,
          ),
        );
      });
  }

  const task = new Command("task")
    .description("The task bank.")
    .addHelpText("after", examples([["experiment task list", "the built-in tasks"]]))
    .copyInheritedSettings(program);
  task.addCommand(on(taskList(), async () => (await import("./commands/task-list.ts")).taskList));
  task.addCommand(
    on(taskCheck(), async () => (await import("./commands/task-check.ts")).taskCheck),
  );
  addTrackerCommands(program, on);
  addDecisionCommands(program, on);
  addLedgerCommands(program, on);
  addProxyCommands(program, on);
  addPricesCommands(program, on);
  return program
    .addCommand(on(run(), async () => (await import("./commands/run.ts")).run))
    .addCommand(on(plan(), async () => (await import("./commands/plan.ts")).plan))
    .addCommand(on(preview(), async () => (await import("./commands/preview.ts")).preview))
    .addCommand(on(report(), async () => (await import("./commands/report.ts")).report))
    .addCommand(task)
    .addCommand(on(init(), async () => (await import("./commands/init.ts")).init))
    .addCommand(on(clean(), async () => (await import("./commands/clean.ts")).clean));
}

/** Positional arguments by name, as a command's options have them. */
function argumentsOf(command: Command): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    command.registeredArguments.map((argument, index) => [
      argument.name(),
      command.processedArgs[index],
    ]),
  );
}

function run(): Command {
  return withBudgets(withPlan(new Command("run")))
    .description("Run the experiment; without a configuration file, the built-in rehearsal.")
    .option("--resume", "go on with an experiment that is not complete")
    .option("--extend <id>", "go on with an experiment, and with tasks added to its bank since")
    .option("--dry-run", "show what would be run, and run nothing")
    .option("--list-commands", "show what providers will be asked, with budgets; run nothing")
    .option("--record <folder>", "keep what passes, without credentials, to replay it later")
    .option("--replay <folder>", "answer from such a recording; nothing goes to a vendor")
    .option("--replay-timing <timing>", "original keeps the pauses; zero (default) does not")
    .option("--workspace-root <folder>", "where agents work; outside every repository")
    .addOption(stopWhenOption())
    .option("--json", "print the preview as JSON")
    .addHelpText(
      "after",
      examples([
        ["experiment run --seed 42", "the rehearsal: no network, no key"],
        ["experiment run --config experiment.yaml", "your own experiment"],
        ["experiment run --extend 09c427e04136", "go on with tasks that came to the bank since"],
        ["experiment run --resume", "go on after a crash, Ctrl-C or a spent budget"],
        ["experiment run --overall-token-budget 200000", "end when they are spent"],
        ["experiment run --command-budget '/implement=40000'", "a cap for one attempt at a task"],
        ["experiment run --overall-cost-budget 25", "end when 25 dollars are spent"],
        ["experiment run --period-token-budget 500000 --period 5h", "wait when they are spent"],
        ["experiment run --command-cost-budget '/implement=1.50'", "dollars for one attempt"],
        ["experiment run --role-budget implementer=60000", "a cap for a role in one attempt"],
        ["experiment run --overall-minutes-budget 90", "end after that much time of attempts"],
        ["experiment run --budget-basis billable", "count caches by their price"],
        ["experiment run --list-commands", "what is asked, with each command's budget"],
      ]),
    );
}

function plan(): Command {
  return withBudgets(withPlan(new Command("plan")))
    .description("Show exactly what run will do, and run nothing.")
    .option("--extend <id>", "of an experiment, with tasks added to its bank since")
    .option("--workspace-root <folder>", "where agents would work")
    .option("--json", "print the plan as JSON")
    .addHelpText(
      "after",
      examples([
        ["experiment plan --seed 42", "the rehearsal's schedule"],
        ["experiment plan --config experiment.yaml --json", "your own experiment, for a script"],
      ]),
    );
}

function preview(): Command {
  return withLedger(new Command("preview"))
    .description("Where the experiment stands.")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      examples([
        ["experiment preview", "the latest experiment"],
        ["experiment preview --experiment b7fcc0f87fac", "one of several in the ledger"],
      ]),
    );
}

function report(): Command {
  return withLedger(new Command("report"))
    .description("Write the report from the ledger; the same ledger gives the same bytes.")
    .option("--json", "print the report as JSON instead of writing files")
    .addHelpText(
      "after",
      examples([
        ["experiment report", "writes report.md and report.json"],
        ["experiment report --json | jq '.comparisons[0].cost_ratio'", "a figure for a script"],
      ]),
    );
}

function init(): Command {
  return new Command("init")
    .description("Write a commented experiment.yaml for the agents found on this machine.")
    .option("--config <file>", "the file to write", "experiment.yaml")
    .addHelpText(
      "after",
      examples([
        ["experiment init", "writes experiment.yaml"],
        ["experiment init --config second.yaml", "writes another one"],
      ]),
    );
}

function clean(): Command {
  return withLedger(new Command("clean"))
    .description("Remove the workspaces of windows that are final, and captures that no row needs.")
    .option("--dry-run", "show what would be removed")
    .addHelpText("after", examples([["experiment clean --dry-run", "lists them and keeps them"]]));
}

function taskList(): Command {
  return new Command("list")
    .description("List the tasks of a bank.")
    .option("--bank <folder>", "the bank; by default the configuration's, else the built-in one")
    .option("--config <file>", "the configuration that names the bank")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      examples([["experiment task list --bank my-tasks", "the tasks of your own bank"]]),
    );
}

function taskCheck(): Command {
  return new Command("check")
    .description("Prove that each task grades right work as right and anything else as wrong.")
    .argument("[tasks...]", "ids or patterns; all by default")
    .option("--bank <folder>", "the bank; by default the configuration's, else the built-in one")
    .option("--config <file>", "the configuration that names the bank")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      examples([
        ["experiment task check lru-cache", "one task of the built-in bank"],
        ["experiment task check --bank my-tasks", "every task of your own bank"],
      ]),
    );
}

function withPlan(command: Command): Command {
  return withDataFolder(command)
    .option("--seed <seed>", "the seed that draws the schedule")
    .option("--config <file>", "the configuration (default: experiment.yaml, where it exists)");
}

function withLedger(command: Command): Command {
  return withDataFolder(command).option(
    "--experiment <id>",
    "one of several in the ledger (default: the latest)",
  );
}

function withDataFolder(command: Command): Command {
  return command.option("--data-dir <folder>", "where everything is kept (default: .experiment)");
}
