import { setTimeout as sleep } from "node:timers/promises";

import { createLogUpdate } from "log-update";

import { Database } from "../../../../ledger/store/postgres/database.ts";
import { isOfConnection } from "../../../../ledger/store/postgres/store-failure.ts";
import { countNoun } from "../../../../reports/text/number-text.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import {
  type ExperimentStanding,
  readStanding,
  type Standing,
} from "../../../experiment/cluster/read-standing.ts";
import { fromGrains, sayAmount } from "../../../gateway/budgets/budget-unit.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import { locateDataFolder } from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { isLiveTerminal } from "../../display/live-terminal.ts";
import { doneWith } from "../../result.ts";
import type { watch as definition } from "./definition.ts";

const EVERY_MS = 1000;
/** A worker shows itself every second; a busy machine may be late. */
const SILENT_MS = 15_000;
const MS_PER_SECOND = 1000;

/** Shows the workers of a store: once, or every second on a terminal. */
export const watch: CodeOf<typeof definition> = async (options, environment) => {
  const { store } = locateDataFolder(options.dataDir, environment);
  if (store === null) {
    throw new ConfigurationError(
      "--store: expected the address of the store to watch, got none. Write --store postgres://user@host/database.",
    );
  }
  const database = new Database(store, "counterbalance watch");
  try {
    const isOnce = options.once === true || options.json === true;
    if (!isOnce && isLiveTerminal(environment)) await follow(database, environment);
    const standing = await readStanding(database);
    return doneWith(options, standing, () => sayStanding(standing, columnsOf(environment)));
  } finally {
    await database.close();
  }
};

async function follow(database: Database, environment: Environment): Promise<void> {
  const live = createLogUpdate(environment.stderr);
  const stop = new AbortController();
  const close = environment.onInterrupt(() => stop.abort());
  try {
    while (!stop.signal.aborted) {
      live(await standingOrSilence(database, columnsOf(environment)));
      await sleep(EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    live.clear();
    close();
  }
}

/** A server that restarts is there again soon. */
async function standingOrSilence(database: Database, columns: number | undefined) {
  try {
    return sayStanding(await readStanding(database), columns);
  } catch (error) {
    if (!isOfConnection(error)) throw error;
    return `${database.address.shown} does not answer. Trying again.`;
  }
}

function sayStanding({ experiments, workers }: Standing, columns: number | undefined): string {
  if (experiments.length === 0) {
    return 'No experiment yet. Start one with "experiment run --store".';
  }
  const rows = workers.flatMap(({ name, machineClass, slots, seenMsAgo, windows }) => {
    const seen = seenMsAgo > SILENT_MS ? `silent for ${seconds(seenMsAgo)}` : "idle";
    const places = windows.map(({ window, provider, phase, sinceMs }) => [
      name,
      window,
      provider,
      phase,
      seconds(sinceMs),
      machineClass,
    ]);
    const isIdle = places.length < slots;
    return [...places, ...(isIdle ? [[name, "–", "–", seen, "", machineClass]] : [])];
  });
  const head = ["worker", "window", "provider", "phase", "for", "class"];
  const table = rows.length === 0 ? "No worker yet." : plainTable([head, ...rows], { columns });
  const refusals = workers
    .filter(({ seenMsAgo }) => seenMsAgo <= SILENT_MS)
    .flatMap(({ name, refusals: refused = [] }) =>
      refused.map(
        ({ experimentId, why }) => `${name} takes no windows of ${experimentId}: ${why}.`,
      ),
    );
  const rest = refusals.length === 0 ? [] : ["", ...refusals];
  return [...experiments.map(sayExperiment), "", table, ...rest].join("\n");
}

function sayExperiment({ experimentId, stoppedWhy, windows, budgets }: ExperimentStanding): string {
  const { planned, final, waiting } = windows;
  const state = stoppedWhy === null ? "at work" : `not at work (${stoppedWhy})`;
  const first = `${experimentId}: ${state}; ${String(final)} of ${countNoun(planned, "window")} final, ${String(waiting)} waiting.`;
  const rest = budgets.map(({ unit, cap, spent, reserved }) => {
    const [of, used, kept] = [cap, spent, reserved].map((grains) =>
      sayAmount(unit, fromGrains(unit, grains)),
    );
    return `  Overall budget: ${String(used)} spent and ${String(kept)} set aside of ${String(of)}.`;
  });
  return [first, ...rest].join("\n");
}

function seconds(ms: number): string {
  return `${String(Math.round(ms / MS_PER_SECOND))} s`;
}
