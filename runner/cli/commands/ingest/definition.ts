import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { AGENT, WHICH_WINDOW } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

const SOURCES = [
  "codex-rollout",
  "codex-exec",
  "claude-session",
  "claude-result",
  "gemini-session",
  "qwen-session",
  "opencode-session",
  "pi-session",
  "ccusage",
  "proxy-telemetry",
  "otlp",
] as const;

export const ingest = {
  name: "ingest",
  about:
    "Read session logs and other counts into the ledger. Reading the same file again changes nothing. Screens of claude-monitor and GLM's quota show meters: snapshot reads them.",
  args: [
    ["<source>", "their format", SOURCES],
    ["[files...]", "files, or folders with such files"],
  ],
  options: [
    ["--stdin", "read stdin instead of files"],
    ["--watch", "keep reading what is added to the files, until Ctrl-C"],
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
} as const satisfies CommandDefinition;
