import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { DATA_DIR, JSON_OUTPUT, STORE } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const verify = {
  name: "verify",
  about:
    "Check that every row of the ledger is as it was written. The command checks each row's hash and its place in the chain. It changes and repairs nothing.",
  options: [
    [
      "--full",
      "also parse every row; slower; a store's rows are always parsed",
      { conflictsWith: "fromCheckpoint" },
    ],
    ["--from-checkpoint", "trust all rows before the last checkpoint"],
    ["--anchor <file>", "a checkpoint that was kept elsewhere; also finds a rewritten ledger"],
    DATA_DIR,
    STORE,
    JSON_OUTPUT,
  ],
  examples: [
    ["ledger verify", "each row's hash and its place in the chain"],
    ["ledger verify --full", "also whether each row can be parsed"],
    ["ledger verify --anchor anchor.json", "also whether it was rewritten"],
  ],
  exits: {
    [EXIT.done]: "the ledger is whole; recorded anomalies are not damage",
    [EXIT.damaged]: "the ledger is damaged, or is not the anchor's",
  },
  readsStore: true,
} as const satisfies CommandDefinition;

export const checkpoint = {
  name: "checkpoint",
  about:
    "Record where every file ends. Keep the printed line in a git commit or on another machine.",
  options: [DATA_DIR, STORE, ["--json", "print the checkpoint's row, as --anchor reads it"]],
  examples: [
    [
      "ledger checkpoint --json > anchor.json",
      "then keep the file where the ledger's writer can't change it",
    ],
  ],
} as const satisfies CommandDefinition;

export const exportTo = {
  name: "export",
  about: "Copy the ledger, or write its rows as tables.",
  options: [
    [
      "--to <format>",
      "jsonl copies byte for byte; csv and parquet write a table for each record",
      { choices: ["jsonl", "csv", "parquet"], isRequired: true },
    ],
    ["--out <folder>", "a new or empty folder", { isRequired: true }],
    DATA_DIR,
    STORE,
    ["--json", "print the written files as JSON"],
  ],
  examples: [
    ["ledger export --to jsonl --out copy", "a copy that can be verified"],
    ["ledger export --to csv --out tables", "for a spreadsheet"],
    ["ledger export --to parquet --out columns", "needs @duckdb/node-api"],
  ],
  exits: { [EXIT.damaged]: "the ledger is damaged; a jsonl copy is written, with the same damage" },
} as const satisfies CommandDefinition;

export const importFrom = {
  name: "import",
  about:
    "Put a copy of a ledger into an empty database, or into a data folder without a ledger. It keeps its id and every byte of its rows. A damaged copy is refused.",
  args: [["<folder>", "a copy from export --to jsonl, or a data folder"]],
  options: [
    DATA_DIR,
    STORE,
    ["--json", "print the ledger's id and the number of its rows as JSON"],
  ],
  examples: [
    ["ledger import copy --store postgres://me@db/ledger", "into an empty database"],
    ["ledger import .experiment --store postgres://me@db/ledger", "from files to a database"],
    ["ledger import copy --data-dir restored", "into a data folder"],
  ],
  exits: {
    [EXIT.damaged]: "the copy is damaged; nothing was written",
  },
  readsStore: true,
} as const satisfies CommandDefinition;

export const query = {
  name: "query",
  about:
    "Query the ledger with SQL. Each kind of record is a view with that name, even without rows. It needs the package @duckdb/node-api.",
  args: [["<sql>", "one SELECT"]],
  options: [DATA_DIR, STORE, ["--json", "print the rows as JSON"]],
  examples: [
    ["ledger query 'SHOW TABLES'", "the views"],
    [
      `ledger query 'SELECT "window", outcome FROM window_finalized'`,
      "every row; SQL words such as window need quotes",
    ],
    [
      "ledger query 'SELECT provider, avg(quality) FROM window_finalized WHERE id NOT IN (FROM counts_no_more) GROUP BY 1'",
      "without rows that were corrected or undone",
    ],
  ],
} as const satisfies CommandDefinition;

export const ledger = {
  name: "ledger",
  about: "Verify, checkpoint, export, import or query the ledger.",
  commands: [verify, checkpoint, exportTo, importFrom, query],
} as const satisfies CommandDefinition;
