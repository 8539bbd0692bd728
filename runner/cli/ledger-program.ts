import { Command, Option } from "commander";

import { examples } from "./help-examples.ts";
import type { Joins } from "./load-command.ts";

/** Adds the commands on the ledger itself. */
export function addLedgerCommands(program: Command, on: Joins): void {
  const ledger = new Command("ledger")
    .description("The ledger itself: is it whole, where does it end, what does it hold.")
    .copyInheritedSettings(program)
    .addHelpText("after", examples([["experiment ledger verify", "is it what was written?"]]));
  ledger
    .addCommand(
      on(verify(), async () => (await import("./commands/ledger-verify.ts")).ledgerVerify),
    )
    .addCommand(
      on(
        checkpoint(),
        async () => (await import("./commands/ledger-checkpoint.ts")).ledgerCheckpoint,
      ),
    )
    .addCommand(
      on(exportTo(), async () => (await import("./commands/ledger-export.ts")).ledgerExport),
    )
    .addCommand(on(query(), async () => (await import("./commands/ledger-query.ts")).ledgerQuery));
  program.addCommand(ledger);
}

function verify(): Command {
  return withDataFolder(new Command("verify"))
    .description("Look whether the ledger is what was written to it. Nothing is changed or mended.")
    .addOption(new Option("--full", "parse every row too; slower").conflicts("fromCheckpoint"))
    .option("--from-checkpoint", "trust what stands before the last checkpoint")
    .option("--anchor <file>", "a checkpoint that was kept elsewhere: finds a rewrite too")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      examples([
        ["experiment ledger verify", "every row, its hash and its place in the chain"],
        ["experiment ledger verify --full", "and whether each can be parsed"],
        ["experiment ledger verify --anchor anchor.json", "and that nobody wrote it anew"],
      ]),
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 whole (anomalies on record are no damage), 6 damaged or not the anchor's.",
    );
}

function checkpoint(): Command {
  return withDataFolder(new Command("checkpoint"))
    .description("Write down where every file ends, for a git commit or another machine.")
    .option("--json", "print the checkpoint's row, as --anchor reads it")
    .addHelpText(
      "after",
      examples([
        ["experiment ledger checkpoint --json > anchor.json", "keep it out of the ledger's reach"],
      ]),
    );
}

function exportTo(): Command {
  return withDataFolder(new Command("export"))
    .description("Copy the ledger, or write its rows as tables.")
    .addOption(
      new Option("--to <format>", "the ledger byte for byte, or one table for each record")
        .choices(["jsonl", "csv", "parquet"])
        .makeOptionMandatory(),
    )
    .requiredOption("--out <folder>", "a new or empty folder")
    .option("--json", "print the written files as JSON")
    .addHelpText(
      "after",
      examples([
        ["experiment ledger export --to jsonl --out copy", "verifies like the ledger itself"],
        ["experiment ledger export --to csv --out tables", "for a spreadsheet"],
        ["experiment ledger export --to parquet --out tables", "needs @duckdb/node-api"],
      ]),
    );
}

function query(): Command {
  return withDataFolder(new Command("query"))
    .description("Ask the ledger in SQL; its records are views. Needs @duckdb/node-api.")
    .argument("<sql>", "one SELECT")
    .option("--json", "print the rows as JSON")
    .addHelpText(
      "after",
      examples([
        [
          "experiment ledger query 'SELECT provider, avg(quality) FROM window_finalized WHERE id NOT IN (FROM counts_no_more) GROUP BY 1'",
          "without what was corrected or undone",
        ],
        [
          `experiment ledger query 'SELECT "window", outcome FROM window_finalized'`,
          "every row; words of SQL in quotes",
        ],
        ["experiment ledger query 'SHOW TABLES'", "the views"],
      ]),
    );
}

function withDataFolder(command: Command): Command {
  return command.option("--data-dir <folder>", "where everything is kept (default: .experiment)");
}
