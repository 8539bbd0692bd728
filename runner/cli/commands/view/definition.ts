import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { CONFIG_OF_EXPERIMENT, DATA_DIR, EXPERIMENT, STORE } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const view = {
  name: "view",
  about:
    "Show the report in your browser. The page is served on loopback until Ctrl-C, and follows a run.",
  options: [
    EXPERIMENT,
    CONFIG_OF_EXPERIMENT,
    ["--port <port>", "the port on 127.0.0.1; 0 takes a free one", { value: "0" }],
    ["--open", "open the address in the browser"],
    DATA_DIR,
    STORE,
  ],
  examples: [
    ["view", "print the address to open"],
    ["view --open", "open it"],
    ["view --port 8123", "at an address in which only the token changes"],
  ],
  exits: { [EXIT.done]: "Ctrl-C ended it" },
} as const satisfies CommandDefinition;
