import { budgetEffects } from "./budget-effects.ts";
import type { EffectTable } from "./effect.ts";

const RECORD = "proxy --config slow.yaml --data-dir recorded --record kept";

/** The proxy of manual windows. Each call sends a request to every address, and asks for the status. */
export const PROXY_EFFECTS: EffectTable = {
  proxy: {
    folder: "files",
    options: {
      "--config": "--config other.yaml",
      "--provider": "--provider second",
      "--window": "--window W0-05",
      "--port": "--port {port}",
      "--mitm": "--mitm",
      "--data-dir": "--data-dir elsewhere",
      "--record": "--record kept",
      "--replay": {
        before: ["proxy --record kept"],
        base: "--config longer.yaml",
        add: "--replay kept",
      },
      "--replay-timing": {
        before: [RECORD],
        base: "--config slow.yaml --replay kept",
        add: "--replay-timing original",
        varies: true,
      },
      ...budgetEffects({ base: "--config priced.yaml", command: "/manual" }),
      "--budget-cut": {
        base: "--config streamed.yaml --overall-token-budget 2100",
        add: "--budget-cut hard",
      },
      // It shares its budget with a run that has spent more than that.
      "--overall-budget-scope": {
        before: ["run --command-budget /implement=6000"],
        base: "--overall-token-budget 2100",
        add: "--overall-budget-scope own",
        varies: true,
      },
    },
  },
  "proxy status": {
    folder: "files",
    options: { "--data-dir": "--data-dir elsewhere", "--json": "--json" },
  },
  "proxy explain": {
    folder: "files",
    base: "request.json",
    options: {
      "--config": "--config other.yaml",
      "--seed": {
        base: "subagent.json --config routed.yaml --seed 1",
        add: "--seed 2",
      },
      "--json": "--json",
    },
  },
};
