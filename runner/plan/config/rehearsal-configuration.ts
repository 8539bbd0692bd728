import { REHEARSAL_PROFILES } from "../../rehearsal/profile.ts";
import type { ExperimentFile } from "./experiment-file.ts";

/** The tasks of the rehearsal. They are small, so that it ends in less than a minute. */
export const REHEARSAL_TASKS = ["csv-records", "lru-cache", "rate-limiter", "room-bookings"];

/** The token budget of the rehearsal's command, so that the rehearsal shows budgets at work. */
const REHEARSAL_COMMAND_TOKENS = 20_000;

/** The configuration without a file: two scripted models behind the built-in agent. */
export const REHEARSAL: ExperimentFile = {
  name: "rehearsal",
  tasks: { bank: "builtin", include: REHEARSAL_TASKS, replicates: 1 },
  providers: {
    large: provider("scripted-large"),
    small: provider("scripted-small"),
  },
  baseline: "large",
  design: { strata: ["stratum"], blocks: 2, washout_s: 0, concurrency: 1 },
  routes: {},
  upstreams: { scripted: { scripted: REHEARSAL_PROFILES } },
  budgets: { commands: { "/implement": { tokens: REHEARSAL_COMMAND_TOKENS } } },
  limits: { window_minutes: 2, idle_minutes: 1 },
  network: "closed",
  telemetry: "none",
  isolation: "preferred",
  resources: {},
};

function provider(model: string): ExperimentFile["providers"][string] {
  return {
    driver: "builtin-agent",
    vendor: "scripted",
    model,
    upstream: "scripted",
    workflow: "solo",
    via: "base-url",
  };
}
