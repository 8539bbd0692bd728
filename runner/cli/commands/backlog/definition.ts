import { DATA_DIR, STORE } from "../../common-options.ts";
import type { CommandDefinition, OptionDefinition } from "../../definition.ts";

const CAUSES = ["capacity", "tooling", "docs"] as const;

const FEATURE = ["<feature>", "the feature's name, e.g. search-page"] as const;

const BACKLOG_JSON = ["--json", "print the backlog as JSON"] as const satisfies OptionDefinition;

export const backlogReady = {
  name: "ready",
  about: "Record that work on a feature could start now.",
  args: [FEATURE],
  options: [DATA_DIR, STORE, BACKLOG_JSON],
  examples: [["backlog ready search-page", "it could start now"]],
} as const satisfies CommandDefinition;

export const backlogBlock = {
  name: "block",
  about: "Record what blocks a feature.",
  args: [FEATURE],
  options: [
    ["--by <cause>", "what blocks it", { choices: CAUSES, isRequired: true }],
    DATA_DIR,
    STORE,
    BACKLOG_JSON,
  ],
  examples: [
    ["backlog block search-page --by capacity", "only the provider's capacity is missing"],
  ],
} as const satisfies CommandDefinition;

export const backlogUnblock = {
  name: "unblock",
  about: "Record that a feature is no longer blocked.",
  args: [FEATURE],
  options: [
    ["--by <cause>", "the cause that is gone (default: every cause)", { choices: CAUSES }],
    DATA_DIR,
    STORE,
    BACKLOG_JSON,
  ],
  examples: [
    ["backlog unblock search-page", "nothing blocks it any more"],
    ["backlog unblock search-page --by docs", "other causes remain"],
  ],
} as const satisfies CommandDefinition;

export const backlogList = {
  name: "list",
  about: "Show which features wait, and what the gate counts.",
  options: [DATA_DIR, STORE, BACKLOG_JSON],
  examples: [["backlog list", "every feature with its blocks"]],
} as const satisfies CommandDefinition;

export const backlog = {
  name: "backlog",
  about: "Record which features wait, and why. The second gate counts them.",
  commands: [backlogReady, backlogBlock, backlogUnblock, backlogList],
} as const satisfies CommandDefinition;
