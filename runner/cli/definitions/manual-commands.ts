import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import { SHELLS } from "../completion/shell-scripts.ts";
import type { Act, CommandDefinition, OptionDefinition, OptionGroups } from "./definition.ts";
import {
  BUDGETS,
  CONFIG,
  DATA_DIR,
  JSON_OUTPUT,
  RECORDINGS,
  SEED,
  STORE,
} from "./shared-options.ts";

const WINDOW = [
  "--window <window>",
  "the window, such as W0-07 (default: the agent's current one)",
] as const satisfies OptionDefinition;

export const WHICH_WINDOW = {
  Window: [
    WINDOW,
    ["--provider <name>", "the window's provider (default: the pane's, or the only one)"],
    ["--attempt <number>", "the attempt at the window", { value: "1" }],
  ],
} as const satisfies OptionGroups;

const AT = [
  "--at <time>",
  "when it was read, e.g. 2025-10-19T14:02:00+02:00 (default: now)",
] as const satisfies OptionDefinition;
const LATE = [
  "--late",
  "accept an after reading within 5 minutes after a reset; records an anomaly",
] as const satisfies OptionDefinition;

export const WHEN_READ = {
  "Time of the reading": [
    AT,
    [
      "--time-zone <zone>",
      "time zone of the pane's clock, e.g. Europe/Berlin (default: the machine's)",
      { variable: "TZ" },
    ],
    LATE,
  ],
} as const satisfies OptionGroups;

/** What the operator remarks beside the figures. */
const NOTES = [
  "--notes <text>",
  "what was unusual; kept with the row",
] as const satisfies OptionDefinition;

export const AGENT = [
  ["--agent <name>", "who does the work (default: main)", { variable: "AGENT_ID" }],
  DATA_DIR,
  STORE,
  JSON_OUTPUT,
] as const satisfies readonly OptionDefinition[];

export const UNITS = ["percent", "tokens", "prompts", "credits", "usd"] as const;

export const proxyStatus = {
  name: "status",
  about: "Show the running proxy: requests, windows, budgets and upstreams.",
  options: [DATA_DIR, STORE, JSON_OUTPUT],
  readsStore: true,
  examples: [["proxy status --json", "for a script"]],
  exits: { [EXIT.failed]: "no proxy is running here" },
  load: async (): Promise<Act> => (await import("../commands/proxy-status.ts")).proxyStatus,
} as const satisfies CommandDefinition;

export const proxyExplain = {
  name: "explain",
  about: "Show which route a request would take, and why. Nothing is sent.",
  args: [["<request>", "a JSON file: the body of a request, or an object of headers and body"]],
  options: [CONFIG, SEED, JSON_OUTPUT],
  examples: [["proxy explain request.json", "the route for every provider"]],
  load: async (): Promise<Act> => (await import("../commands/proxy-explain.ts")).proxyExplain,
} as const satisfies CommandDefinition;

export const proxy = {
  name: "proxy",
  about:
    "Meter agents that you start yourself, until Ctrl-C. The proxy counts, routes and limits their requests. It prints one address for each provider.",
  options: [
    CONFIG,
    ["--provider <id>", "open an address for this provider only"],
    [
      "--window <window>",
      "the first provider's window; the others get the next ones",
      { value: "W0-01" },
    ],
    ["--port <port>", "the port on 127.0.0.1 (default: any free port)"],
    ["--mitm", "also open an address for HTTPS_PROXY"],
    DATA_DIR,
    STORE,
  ],
  optionGroups: { ...RECORDINGS, ...BUDGETS },
  examples: [
    ["proxy --config experiment.yaml", "an address for each provider"],
    ["proxy --provider claude --window W0-07", "for one manual window"],
    ["proxy --record recording", "keep requests and answers in recording/"],
    ["proxy --replay recording", "the same answers, at no cost"],
  ],
  load: async (): Promise<Act> => (await import("../commands/proxy.ts")).proxy,
  commands: [proxyStatus, proxyExplain],
} as const satisfies CommandDefinition;

export const windowStart = {
  name: "start",
  about: "Make a window the agent's current one: commands without --window mean it.",
  args: [["<window>", "the window, such as W0-07"]],
  options: AGENT,
  examples: [["window start W0-07", "what follows belongs to W0-07"]],
  load: async (): Promise<Act> => (await import("../commands/window.ts")).windowStart,
} as const satisfies CommandDefinition;

export const windowEnd = {
  name: "end",
  about: "End the agent's current window. Its rows stay.",
  args: [["[window...]", "the name that it must have (default: any)"]],
  options: AGENT,
  examples: [["window end W0-07", "W0-07 is no longer the current window"]],
  load: async (): Promise<Act> => (await import("../commands/window.ts")).windowEnd,
} as const satisfies CommandDefinition;

export const window = {
  name: "window",
  about: "Say which window an agent works now. Each agent has its own current window.",
  commands: [windowStart, windowEnd],
} as const satisfies CommandDefinition;

export const aliases = {
  name: "aliases",
  about:
    "Print short commands for your shell. They start (s), end (e), cross (x) and delete (d) readings of codex (os, oe, ox, od), claude (as, …) and glm (zs, …).",
  options: [["--shell <shell>", "the shell", { choices: SHELLS, isRequired: true }]],
  examples: [
    ["aliases --shell bash > aliases.sh", "then write into ~/.bashrc: source …/aliases.sh"],
    ["aliases --shell fish > aliases.fish", "into ~/.config/fish/conf.d"],
  ],
  load: async (): Promise<Act> => (await import("../commands/aliases.ts")).aliases,
} as const satisfies CommandDefinition;

export const snapshot = {
  name: "snapshot",
  about:
    "Read a provider's meters from a captured pane. A window needs one reading before the work and one after it. The reading after it must be taken at least 5 minutes after a reset. With cross, --window names the next window. It becomes the agent's current one if the window that ends was.",
  args: [
    [
      "<phase>",
      "before opens a window, after ends it, cross ends one and opens the next",
      ["before", "after", "cross"],
    ],
    ["<source>", "the program that the pane belongs to", ["codex", "claude", "glm"]],
  ],
  options: [
    ["--file <file>", "the captured pane (default: stdin)"],
    ["--tmux <pane>", "capture this pane of tmux, such as work:0.1", { conflictsWith: "file" }],
    [
      "--run",
      "start the program unseen, read its limits, and end it",
      { conflictsWith: ["file", "tmux", "at"] },
    ],
    ["--wait <seconds>", "with --run: how long to wait for the limits", { value: "60" }],
    ["--from <window>", "with cross: the window that the reading ends"],
    [
      "--accept-idle",
      "nothing was used, although the after is byte for byte the before; records an anomaly",
    ],
    NOTES,
    ...AGENT,
  ],
  optionGroups: { ...WHICH_WINDOW, ...WHEN_READ },
  examples: [
    ["snapshot before codex --window W0-07 --file pane.txt", "from a file"],
    ["snapshot after codex --window W0-07 < pane.txt", "from stdin"],
    ["snapshot after claude --window W0-07 --run", "start claude unseen and ask it"],
    ["snapshot after codex --window W0-07 --tmux work:0.1", "from the screen of a pane of tmux"],
    [
      "snapshot cross codex --window W0-09 --file pane.txt",
      "end the open window and open W0-09 with one reading",
    ],
  ],
  exits: { [EXIT.failed]: "no meter could be read; the capture is kept" },
  load: async (): Promise<Act> => (await import("../commands/snapshot.ts")).snapshot,
} as const satisfies CommandDefinition;

const SOURCES = [
  "codex-rollout",
  "codex-exec",
  "claude-session",
  "claude-result",
  "ccusage",
  "proxy-telemetry",
  "otlp",
] as const;

export const ingest = {
  name: "ingest",
  about:
    "Read session logs and other counts into the ledger. Reading the same file again changes nothing. Screens of claude-monitor and GLM's quota show meters: snapshot reads them.",
  args: [
    ["<source>", "the format of the files", SOURCES],
    ["[files...]", "files, or folders with such files"],
  ],
  options: [
    ["--stdin", "read stdin instead of files"],
    ["--watch", "go on reading what is added to the files, until Ctrl-C"],
    [
      "--listen <address>",
      "with otlp: receive OpenTelemetry here until Ctrl-C, e.g. 127.0.0.1:4318",
      { conflictsWith: ["stdin", "watch"] },
    ],
    [
      "--by-time",
      "give each event to the window of the agent and provider that was open at its time",
    ],
    ...AGENT,
  ],
  optionGroups: WHICH_WINDOW,
  examples: [
    ["ingest claude-session ~/.claude/projects --by-time", "all sessions, each event by its time"],
    ["ingest codex-rollout ~/.codex/sessions --window W0-07", "all of it belongs to W0-07"],
    ["ingest codex-exec --stdin --window W0-07", "what codex exec --json prints"],
    ["ingest otlp --listen 127.0.0.1:4318 --by-time", "what agents send by OpenTelemetry"],
  ],
  exits: {
    [EXIT.failed]: "some lines could not be read or counted; the others are in the ledger",
  },
  load: async (): Promise<Act> => (await import("../commands/ingest.ts")).ingest,
} as const satisfies CommandDefinition;

const ONE_EXPERIMENT = [
  "--experiment <id>",
  "only this experiment, or manual (default: manual windows and the latest)",
] as const satisfies OptionDefinition;

export const reconcile = {
  name: "reconcile",
  about:
    "Show what every source says of a window's tokens, side by side. A difference is a share of the larger count. A source that differs by more than 10 %, in all tokens or in a class that matters to the cost, is divergent; both counts are shown. This works for manual windows and for those of run.",
  options: [["--window <window>", "only this window (default: all)"], ONE_EXPERIMENT, ...AGENT],
  examples: [["reconcile --window W0-07", "every source of one window"]],
  exits: { [EXIT.done]: "all sources agree", [EXIT.failed]: "a source is divergent" },
  load: async (): Promise<Act> => (await import("../commands/reconcile.ts")).reconcile,
} as const satisfies CommandDefinition;

export const override = {
  name: "override",
  about: "Record a meter reading that you typed, with one meter or several.",
  options: [
    ["--phase <phase>", "which reading it is", { choices: ["before", "after"], isRequired: true }],
    [
      "--reading <reading>",
      "a meter as NAME=USED, or with its unit, limit and reset as 5h=12prompts/30@RESET; may be repeated",
      {
        isRepeatable: true,
        conflictsWith: ["meter", "used", "resetsAt", "minutes", "limit"],
      },
    ],
    ["--meter <name>", "one meter in options of its own, such as 5h or weekly"],
    ["--used <number>", "how much of it was used"],
    [
      "--unit <unit>",
      "the unit of every meter that names none",
      { choices: UNITS, value: "percent" },
    ],
    ["--resets-at <time>", "when the meter resets, e.g. 2025-10-25T21:11:00+02:00"],
    ["--minutes <minutes>", "length of the limit's window (default: from the meter's name)"],
    ["--limit <number>", "the whole limit, in the meter's unit"],
    NOTES,
    ...AGENT,
  ],
  optionGroups: { ...WHICH_WINDOW, "Time of the reading": [AT, LATE] },
  examples: [
    [
      "override --window W0-12 --provider codex --phase before --meter weekly --used 42 --resets-at 2025-10-25T21:11:00Z --at 2025-10-19T14:00:00Z",
      "42 percent of the weekly limit were used",
    ],
    [
      "override --window W0-12 --provider glm --phase before --reading 5h=12@2025-10-19T16:00:00Z --reading weekly=40@2025-10-25T21:11:00Z --at 2025-10-19T14:00:00Z",
      "two meters of one reading, with their resets",
    ],
  ],
  load: async (): Promise<Act> => (await import("../commands/override.ts")).override,
} as const satisfies CommandDefinition;

export const complete = {
  name: "complete",
  about:
    "Make a manual window final. A second call corrects the first. What you leave out stays unknown: no score is ever assumed.",
  options: [
    ["--feature <id>", "the feature of this window", { isRequired: true }],
    ["--outcome <outcome>", "how it ended, such as pass, partial or fail", { isRequired: true }],
    ["--quality <share>", "share of acceptance scenarios passed, 0 to 1"],
    ["--reason <sentence>", "why it ended so"],
    NOTES,
    ["--methodology <name>", "how the work was done"],
    ["--commit-start <commit>", "the commit that the work started from"],
    ["--commit-end <commit>", "the commit that the work ended with"],
    ["--repo <folder>", "the repository of commits by name (default: the current folder's)"],
    ["--baseline <provider>", "the provider that others are compared with; remembered"],
    ...AGENT,
  ],
  optionGroups: WHICH_WINDOW,
  examples: [
    [
      "complete --window W0-07 --feature lru-cache --outcome pass --quality 0.9 --commit-start HEAD~1 --commit-end HEAD",
      "9 of 10 acceptance scenarios passed",
    ],
  ],
  load: async (): Promise<Act> => (await import("../commands/complete.ts")).complete,
} as const satisfies CommandDefinition;

export const churn = {
  name: "churn",
  about:
    "Count the lines and files that changed in a window. Each counts once: a renamed file is one file, a binary file has no lines.",
  options: [
    ["--scenarios <number>", "acceptance scenarios of the feature; normalizes the net lines"],
    [
      "--plan <file>",
      "the plan that the work followed; its limit is held against the changed lines",
      { conflictsWith: "byFeature" },
    ],
    ["--by-feature", "only show what is in the ledger, by feature and provider"],
    ["--commit-start <commit>", "the commit that the work started from (default: as completed)"],
    ["--commit-end <commit>", "the commit that the work ended with (default: as completed)"],
    ["--repo <folder>", "the repository (default: the current folder's)"],
    ...AGENT,
  ],
  optionGroups: WHICH_WINDOW,
  examples: [
    ["churn --window W0-07 --commit-start HEAD~1 --commit-end HEAD", "in this repository"],
    ["churn --window W0-07 --repo ../project", "between the window's two commits"],
    ["churn --window W0-07 --repo ../project --plan plan.md", "whether it stayed within the plan"],
    ["churn --by-feature", "net lines by feature, and by scenario"],
  ],
  load: async (): Promise<Act> => (await import("../commands/churn.ts")).churn,
} as const satisfies CommandDefinition;

export const undo = {
  name: "undo",
  about: "Exclude a row of a manual window. The row stays in the ledger; nothing is edited.",
  options: [
    ["--id <id>", "the row (default: the agent's last one)"],
    ["--window <window>", "the agent's latest row of this window", { conflictsWith: "id" }],
    ["--provider <name>", "the agent's latest row of this provider", { conflictsWith: "id" }],
    [
      "--phase <phase>",
      "the agent's latest such reading",
      { choices: ["before", "after"], conflictsWith: "id" },
    ],
    ["--reason <sentence>", "why"],
    ...AGENT,
  ],
  examples: [
    ["undo", "the last reading, churn or completion"],
    ["undo --window W0-07 --phase after", "the latest reading after one window"],
    ["undo --id 3f2a9c10 --reason 'wrong pane'", "one particular row"],
  ],
  load: async (): Promise<Act> => (await import("../commands/undo.ts")).undo,
} as const satisfies CommandDefinition;

export const audit = {
  name: "audit",
  about:
    "Show what a window lacks before it counts. This works for manual windows and for those of run.",
  options: [WINDOW, ONE_EXPERIMENT, DATA_DIR, STORE, JSON_OUTPUT],
  examples: [
    ["audit --window W0-07", "its readings, its completion and its anomalies"],
    ["audit --window W0-07 --experiment manual", "only the manual window"],
  ],
  exits: { [EXIT.done]: "the window counts", [EXIT.failed]: "the window does not count" },
  load: async (): Promise<Act> => (await import("../commands/audit.ts")).audit,
} as const satisfies CommandDefinition;
