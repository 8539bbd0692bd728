import { Command, Option } from "commander";

import type { Environment } from "../environment.ts";
import { toolVersion } from "../package-folder.ts";
import type { Result } from "./result.ts";

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 bad usage or configuration, 3 refused by an invariant,
4 stopped by a budget, 5 halted by a stop rule, 6 the ledger is damaged, 130 interrupted
with everything saved.`;

/** A command's code, loaded only when the command is called: it keeps `--help` quick. */
type Load<Options> = () => Promise<(options: Options, environment: Environment) => Promise<Result>>;

/** Describes every command; `conclude` gets what the called one hands back. */
export function createProgram(
  environment: Environment,
  conclude: (result: Result) => void,
): Command {
  const program = new Command("experiment")
    .description("Compare coding agents by experiment, on your own tasks.")
    .version(toolVersion())
    .addHelpText("after", EXIT_CODES)
    .configureOutput({
      writeOut: (text) => environment.stdout.write(text),
      writeErr: (text) => environment.stderr.write(text),
    })
    .showHelpAfterError("(--help says more)")
    .exitOverride();

  function on<Options>(command: Command, load: Load<Options>): Command {
    return command.copyInheritedSettings(program).action(async () => {
      const act = await load();
      conclude(
        await act(
          Object.assign(command.opts<Options & object>(), argumentsOf(command)),
          environment,
        ),
      );
    });
  }

  const task = new Command("task").description("The task bank.").copyInheritedSettings(program);
  task.addCommand(on(taskList(), async () => (await import("./commands/task-list.ts")).taskList));
  task.addCommand(
    on(taskCheck(), async () => (await import("./commands/task-check.ts")).taskCheck),
  );
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
    .option("--dry-run", "show what would be run, and run nothing")
    .option("--workspace-root <folder>", "where agents work; outside every repository")
    .option("--json", "print the preview as JSON")
    .addHelpText(
      "after",
      examples([
        ["experiment run --seed 42", "the rehearsal: no network, no key"],
        ["experiment run --config experiment.yaml", "your own experiment"],
        ["experiment run --resume", "go on after a crash, Ctrl-C or a spent budget"],
        ["experiment run --overall-token-budget 200000 --command-budget '/implement=40000'", ""],
      ]),
    );
}

function plan(): Command {
  return withBudgets(withPlan(new Command("plan")))
    .description("Show exactly what run will do, and run nothing.")
    .option("--workspace-root <folder>", "where agents would work")
    .option("--json", "print the plan as JSON")
    .addHelpText("after", examples([["experiment plan --seed 42", "the rehearsal's schedule"]]));
}

function preview(): Command {
  return withLedger(new Command("preview"))
    .description("Where the experiment stands.")
    .option("--json", "print it as JSON")
    .addHelpText("after", examples([["experiment preview", "the latest experiment"]]));
}

function report(): Command {
  return withLedger(new Command("report"))
    .description("Write the report from the ledger; the same ledger gives the same bytes.")
    .option("--json", "print the report as JSON instead of writing files")
    .addHelpText("after", examples([["experiment report --json | jq .cost", ""]]));
}

function init(): Command {
  return new Command("init")
    .description("Write a commented experiment.yaml for the agents found on this machine.")
    .option("--config <file>", "the file to write", "experiment.yaml")
    .addHelpText("after", examples([["experiment init", ""]]));
}

function clean(): Command {
  return withLedger(new Command("clean"))
    .description("Remove the workspaces of windows that are final.")
    .option("--dry-run", "show what would be removed")
    .addHelpText("after", examples([["experiment clean --dry-run", ""]]));
}

function taskList(): Command {
  return new Command("list")
    .description("List the tasks of a bank.")
    .option("--bank <folder>", "the bank; by default the configuration's, else the built-in one")
    .option("--config <file>", "the configuration that names the bank")
    .option("--json", "print as JSON")
    .addHelpText("after", examples([["experiment task list --bank my-tasks", ""]]));
}

function taskCheck(): Command {
  return new Command("check")
    .description("Prove that each task grades right work as right and anything else as wrong.")
    .argument("[tasks...]", "ids or patterns; all by default")
    .option("--bank <folder>", "the bank; by default the configuration's, else the built-in one")
    .option("--config <file>", "the configuration that names the bank")
    .option("--json", "print as JSON")
    .addHelpText("after", examples([["experiment task check lru-cache", ""]]));
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

function withBudgets(command: Command): Command {
  return command
    .option("--overall-token-budget <tokens>", "tokens that all windows together may take")
    .addOption(
      new Option(
        "--command-budget <command=tokens>",
        "tokens that one attempt at a command may take; repeatable",
      ).argParser((value: string, before: readonly string[] | undefined) => [
        ...(before ?? []),
        value,
      ]),
    )
    .option(
      "--budget-enforcement-mode <mode>",
      "block (default) refuses what a budget has no room for, warn only says so",
    )
    .option("--budget-basis <basis>", "which tokens count: uncached (default) or all");
}

function examples(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([line]) => line.length));
  const text = lines.map(([line, why]) => `  ${line.padEnd(width)}  ${why}`.trimEnd());
  return ["", "Examples:", ...text].join("\n");
}
