import { Argument, Command } from "commander";

import { examples } from "./help-examples.ts";
import type { Joins } from "./load-command.ts";

const PHASES = ["before", "after", "cross"];
const SOURCES = ["codex", "claude"];

/** Describes the commands for windows that are worked by hand. */
export function addTrackerCommands(program: Command, on: Joins): void {
  program
    .addCommand(on(snapshot(), async () => (await import("./commands/snapshot.ts")).snapshot))
    .addCommand(on(override(), async () => (await import("./commands/override.ts")).override))
    .addCommand(on(complete(), async () => (await import("./commands/complete.ts")).complete))
    .addCommand(on(churn(), async () => (await import("./commands/churn.ts")).churn))
    .addCommand(on(undo(), async () => (await import("./commands/undo.ts")).undo))
    .addCommand(on(audit(), async () => (await import("./commands/audit.ts")).audit));
}

function snapshot(): Command {
  return withCapture(withWindow(new Command("snapshot")))
    .description("Read a provider's meters from its pane, before or after a window worked by hand.")
    .addArgument(new Argument("<phase>", "which reading it is").choices(PHASES))
    .addArgument(new Argument("<source>", "whose pane it is").choices(SOURCES))
    .option("--file <file>", "the captured pane (default: stdin)")
    .option("--from <window>", "with cross: the window that the capture ends")
    .addHelpText(
      "after",
      `
before  the capture opens the window
after   the capture ends it; at least 5 minutes after a reset, or with --late
cross   the capture ends the provider's open window and opens the given one`,
    )
    .addHelpText(
      "after",
      examples([
        ["experiment snapshot before codex --window W0-07 --file pane.txt", "from a file"],
        ["pbpaste | experiment snapshot after claude --window W0-07", "from stdin"],
        ["experiment snapshot cross codex --window W0-08 < pane.txt", "W0-07's end, W0-08's start"],
      ]),
    );
}

function override(): Command {
  return withCapture(withWindow(new Command("override")))
    .description("Write down a reading that you typed; one meter at a time.")
    .requiredOption("--phase <phase>", "before or after")
    .requiredOption("--meter <name>", "the meter's name, such as 5h or weekly")
    .requiredOption("--used <number>", "what of it was used")
    .option("--unit <unit>", "percent, tokens, prompts, credits or usd", "percent")
    .option("--resets-at <time>", "when it resets, e.g. 2025-10-25T21:11:00+02:00")
    .option("--minutes <minutes>", "of the limit's window (default: as the meter's name says)")
    .option("--limit <number>", "the whole of it, in its unit")
    .addHelpText(
      "after",
      examples([
        [
          "experiment override --window W0-07 --provider codex --phase after --meter weekly --used 42 --unit percent --resets-at 2025-10-25T21:11:00+02:00",
          "",
        ],
      ]),
    );
}

function complete(): Command {
  return withWindow(new Command("complete"))
    .description("Make a window worked by hand final; a second time corrects the first.")
    .requiredOption("--feature <id>", "the feature that was worked on")
    .requiredOption("--outcome <outcome>", "how it ended, such as pass, partial or fail")
    .option("--quality <share>", "share of the acceptance scenarios that passed, 0 to 1")
    .option("--reason <sentence>", "why it ended so")
    .option("--methodology <name>", "how the window was worked")
    .option("--commit-start <hash>", "the commit it started from")
    .option("--commit-end <hash>", "the commit it ended with")
    .option("--baseline <provider>", "whom the others are held against; remembered")
    .addHelpText("after", "\nWhat is not said stays unknown: no score is ever assumed.")
    .addHelpText(
      "after",
      examples([
        [
          "experiment complete --window W0-07 --quality 0.9 --outcome pass --feature lru-cache --methodology by-hand --commit-start 1a2b3c4 --commit-end 5d6e7f8",
          "",
        ],
      ]),
    );
}

function churn(): Command {
  return withWindow(new Command("churn"))
    .description("Count the lines and files that changed in a window.")
    .option("--commit-start <commit>", "where it started (default: as it was completed)")
    .option("--commit-end <commit>", "where it ended (default: as it was completed)")
    .option("--repo <folder>", "the repository (default: the current folder's)")
    .addHelpText(
      "after",
      examples([
        ["experiment churn --window W0-07 --commit-start 1a2b3c4 --commit-end HEAD", "here"],
        ["experiment churn --window W0-07 --repo ../project", "between its two commits"],
      ]),
    );
}

function undo(): Command {
  return withAgent(new Command("undo"))
    .description("Let a row of a window worked by hand count no more. Nothing is edited.")
    .option("--id <id>", "the row (default: the last one of the agent)")
    .option("--reason <sentence>", "why")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      examples([
        ["experiment undo", "the last reading, churn or completion"],
        ["experiment undo --id 3f2a9c10 --reason 'wrong pane'", "one of them"],
      ]),
    );
}

function audit(): Command {
  return withAgent(new Command("audit"))
    .description("What is missing for a window to count, worked by hand or by experiment run.")
    .requiredOption("--window <window>", "such as W0-07")
    .option(
      "--experiment <id>",
      "only that one; manual for windows worked by hand (default: these and the last one)",
    )
    .option("--json", "print as JSON")
    .addHelpText("after", "\nIt exits with 0 where the window counts, with 1 where it does not.")
    .addHelpText("after", examples([["experiment audit --window W0-07", "readings, completion"]]));
}

function withWindow(command: Command): Command {
  return withAgent(command)
    .requiredOption("--window <window>", "such as W0-07")
    .option("--provider <name>", "whose window it is (default: the source, or the only one)")
    .option("--attempt <number>", "which attempt at the window", "1")
    .option("--json", "print as JSON");
}

function withCapture(command: Command): Command {
  return command
    .option("--at <time>", "when it was read, e.g. 2025-10-19T14:02:00+02:00 (default: now)")
    .option(
      "--time-zone <zone>",
      "of the pane's clock, e.g. Europe/Berlin (default: this machine's)",
    )
    .option("--late", "accept an after within 5 minutes after a reset; records an anomaly");
}

function withAgent(command: Command): Command {
  return command
    .option("--data-dir <folder>", "where everything is kept (default: .experiment)")
    .option("--agent <name>", "who does it (default: AGENT_ID, else operator)");
}
