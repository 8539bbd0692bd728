import { AGENT } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const windowStart = {
  name: "start",
  about: "Make a window the agent's current one. Commands without --window then use it.",
  args: [["<window>", "the window, such as W0-07"]],
  options: AGENT,
  examples: [["window start W0-07", "what follows belongs to W0-07"]],
} as const satisfies CommandDefinition;

export const windowEnd = {
  name: "end",
  about: "End the agent's current window. Its rows stay.",
  args: [["[window...]", "the name that it must have (default: any)"]],
  options: AGENT,
  examples: [["window end W0-07", "W0-07 is no longer the current window"]],
} as const satisfies CommandDefinition;

export const window = {
  name: "window",
  about: "Say which window an agent is working on. Each agent has its own current window.",
  commands: [windowStart, windowEnd],
} as const satisfies CommandDefinition;
