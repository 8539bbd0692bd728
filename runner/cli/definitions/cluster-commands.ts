import type { Act, CommandDefinition } from "./definition.ts";
import { CONFIG, DATA_DIR, JSON_OUTPUT, STORE, WORKSPACE_ROOT } from "./shared-options.ts";

export const worker = {
  name: "worker",
  readsStore: true,
  about:
    "Work windows that a run on another machine hands out. It first proves that this machine has the same tasks, agents, sandbox and limits. Ctrl-C or SIGTERM lets it finish its windows; a second one hands them back.",
  options: [
    STORE,
    CONFIG,
    ["--slots <number>", "how many windows it works at once", { value: "1" }],
    ["--name <name>", "its name in rows and lists (default: host and process)"],
    [
      "--class <name>",
      "machines of one class work both windows of a pair (default: by CPU and memory)",
    ],
    ["--metrics <port>", "serve /healthz and /metrics on loopback"],
    DATA_DIR,
    WORKSPACE_ROOT,
  ],
  examples: [
    ["worker --store postgres://worker@db/trials", "one window at a time"],
    ["worker --store postgres://worker@db/trials --slots 4 --metrics 9464", "four, with metrics"],
  ],
  load: async (): Promise<Act> => (await import("../commands/worker.ts")).worker,
} as const satisfies CommandDefinition;

export const watch = {
  name: "watch",
  readsStore: true,
  about: "Show the workers of a store, their windows, and what is final.",
  options: [STORE, ["--once", "show it once and end"], DATA_DIR, JSON_OUTPUT],
  examples: [
    ["watch --store postgres://reader@db/trials", "every second"],
    ["watch --store postgres://reader@db/trials --once --json", "for a script"],
  ],
  load: async (): Promise<Act> => (await import("../commands/watch.ts")).watch,
} as const satisfies CommandDefinition;
