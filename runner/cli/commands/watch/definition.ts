import { DATA_DIR, JSON_OUTPUT, STORE } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const watch = {
  name: "watch",
  readsStore: true,
  about: "Show the workers of a store, their windows, and what is final.",
  options: [STORE, ["--once", "show it once and end"], DATA_DIR, JSON_OUTPUT],
  examples: [
    ["watch --store postgres://reader@db/trials", "every second"],
    ["watch --store postgres://reader@db/trials --once --json", "for a script"],
  ],
} as const satisfies CommandDefinition;
