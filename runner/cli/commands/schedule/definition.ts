import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { DATA_DIR, JSON_OUTPUT, STORE, ZONE } from "../../common-options.ts";
import type { CommandDefinition, OptionDefinition } from "../../definition.ts";

const FILE = [
  "--file <file>",
  "the planned windows and the standing jobs",
  { value: "windows.local.txt" },
] as const satisfies OptionDefinition;

export const scheduleAdd = {
  name: "add",
  about:
    "Plan a window. It may not end within five minutes after a reset that the last reading of its provider names.",
  args: [["<window>", "the window, such as W0-07"]],
  options: [
    ["--start <time>", "local start, e.g. '2026-10-26 10:00'", { isRequired: true }],
    ["--end <time>", "local end, e.g. '2026-10-26 15:00'", { isRequired: true }],
    ["--provider <name>", "the window's provider", { isRequired: true }],
    ["--agent <name>", "who does the work (default: main)", { variable: "AGENT_ID" }],
    FILE,
    ZONE,
    DATA_DIR,
    STORE,
    JSON_OUTPUT,
  ],
  examples: [
    [
      "schedule add W0-07 --start 2026-10-26T10:00 --end 2026-10-26T15:00 --provider codex",
      "five hours of codex",
    ],
  ],
  exits: { [EXIT.refused]: "the window would end too soon after a reset" },
} as const satisfies CommandDefinition;

export const scheduleList = {
  name: "list",
  about: "List the planned windows and the standing jobs.",
  options: [FILE, ZONE, JSON_OUTPUT],
  examples: [["schedule list --json", "for a script"]],
} as const satisfies CommandDefinition;

export const scheduleImport = {
  name: "import",
  about:
    "Plan the windows of a calendar (.ics). An event plans a window if its summary is: experiment WINDOW AGENT PROVIDER. Other events are counted and left out.",
  args: [["<calendar>", "an .ics file"]],
  options: [FILE, ZONE, DATA_DIR, STORE, JSON_OUTPUT],
  examples: [["schedule import calendar.ics", "a window that is there already gets the new times"]],
  exits: { [EXIT.refused]: "a window would end too soon after a reset" },
} as const satisfies CommandDefinition;

export const scheduleExport = {
  name: "export",
  about: "Write the planned windows as a calendar (.ics).",
  options: [["--out <file>", "where to write it (default: stdout)"], FILE, ZONE],
  examples: [["schedule export --out windows.ics", "for any calendar program"]],
} as const satisfies CommandDefinition;

export const scheduleNext = {
  name: "next",
  about: "Show what comes next by the schedule.",
  options: [FILE, ZONE, JSON_OUTPUT],
  examples: [["schedule next", "the next reading or job"]],
} as const satisfies CommandDefinition;

export const scheduleRun = {
  name: "run",
  about:
    "Take readings and run standing jobs at their time, until Ctrl-C. If nothing takes a reading, a notification or the terminal's bell tells you that it is due.",
  options: [
    FILE,
    ZONE,
    [
      "--buffer-seconds <seconds>",
      "how long a reading waits after a reset, at least 300",
      { value: "300" },
    ],
    ["--once", "do what is due now, and end"],
    DATA_DIR,
    STORE,
  ],
  examples: [
    ["schedule run", "in a terminal of its own"],
    ["schedule run --once", "for cron or systemd"],
  ],
  exits: {
    [EXIT.failed]: "with --once: a job failed",
    [EXIT.refused]: "another schedule run is at work",
  },
} as const satisfies CommandDefinition;

export const schedule = {
  name: "schedule",
  about: "Plan windows in a plain file, and take readings on time.",
  commands: [scheduleAdd, scheduleList, scheduleNext, scheduleRun, scheduleImport, scheduleExport],
} as const satisfies CommandDefinition;
