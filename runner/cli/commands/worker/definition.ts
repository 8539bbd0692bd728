import { CONFIG, DATA_DIR, STORE, WORKSPACE_ROOT } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const worker = {
  name: "worker",
  readsStore: true,
  about:
    "Work on windows that a run on another machine hands out. It first proves that this machine has the same tasks, agents, sandbox and limits. Ctrl-C or SIGTERM lets it finish its windows; a second one hands them back.",
  options: [
    STORE,
    CONFIG,
    ["--slots <number>", "how many windows it works on at once", { value: "1" }],
    ["--name <name>", "its name in rows and lists (default: host and process)"],
    [
      "--class <name>",
      "machines of one class work on both windows of a pair (default: by CPU and memory)",
    ],
    ["--metrics <port>", "serve /healthz and /metrics on loopback"],
    DATA_DIR,
    WORKSPACE_ROOT,
  ],
  examples: [
    ["worker --store postgres://worker@db/trials", "one window at a time"],
    ["worker --store postgres://worker@db/trials --slots 4 --metrics 9464", "four, with metrics"],
  ],
} as const satisfies CommandDefinition;
