import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { JSON_OUTPUT, STORE } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const doctor = {
  name: "doctor",
  about:
    "Check whether an experiment could start on this machine. It looks for agents, log-ins and keys, sandbox, git, disk, DuckDB and the network of a company, and says what to do about each. With --store it looks at the database instead. It calls no model.",
  readsStore: true,
  options: [
    ["--isolation", "try the ways out of an agent's sandbox, and list them"],
    STORE,
    [
      "--workers <number>",
      "how many workers the store has to serve (default: those that are there now)",
      { conflictsWith: "isolation" },
    ],
    JSON_OUTPUT,
  ],
  examples: [
    ["doctor", "what is here, and what is missing"],
    ["doctor --isolation", "what an agent can reach on this machine"],
    ["doctor --isolation || exit 1", "in CI, before agents run"],
    ["doctor --store postgres://me@db/trials --workers 20", "what a database has for 20 workers"],
  ],
  exits: {
    [EXIT.done]: "an experiment could start; with --isolation: every attempt was stopped",
    [EXIT.failed]: "something is missing; with --isolation: an attempt was not stopped",
  },
} as const satisfies CommandDefinition;
