import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import {
  BUDGETS,
  CONFIG,
  DATA_DIR,
  JSON_OUTPUT,
  RECORDINGS,
  SEED,
  STORE,
} from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const proxyStatus = {
  name: "status",
  about: "Show the running proxy: requests, windows, budgets and upstreams.",
  options: [DATA_DIR, STORE, JSON_OUTPUT],
  readsStore: true,
  examples: [["proxy status --json", "for a script"]],
  exits: { [EXIT.failed]: "no proxy is running here" },
} as const satisfies CommandDefinition;

export const proxyExplain = {
  name: "explain",
  about: "Show which route a request would take, and why. It sends nothing.",
  args: [["<request>", "a JSON file: the body of a request, or an object of headers and body"]],
  options: [CONFIG, SEED, JSON_OUTPUT],
  examples: [["proxy explain request.json", "the route for every provider"]],
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
  commands: [proxyStatus, proxyExplain],
} as const satisfies CommandDefinition;
