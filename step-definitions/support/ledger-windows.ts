import { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import { sumUsage, type Usage } from "../../ledger/domain/usage.ts";
import { WindowFinalized, WindowInterrupted } from "../../ledger/domain/window.ts";
import { SERVER_MODELS } from "./counting-server.ts";
import type { ExperimentWorld } from "./world.ts";

/** The final rows of the ledger, in the order of their writing. */
export function finalRows(world: ExperimentWorld): readonly WindowFinalized[] {
  return world.rowsOf("windows", "window_finalized").map((row) => WindowFinalized.parse(row));
}

export function interruptedRows(world: ExperimentWorld): readonly WindowInterrupted[] {
  return world.rowsOf("windows", "window_interrupted").map((row) => WindowInterrupted.parse(row));
}

export function requestRows(world: ExperimentWorld): readonly ProxiedRequest[] {
  const rows = world.rowsOf("proxy_telemetry", "request_proxied");
  return rows.map((row) => ProxiedRequest.parse(row));
}

/** The final row of the window that was opened as the how-manieth, from 1. */
export function finalOfOrder(world: ExperimentWorld, order: number): WindowFinalized {
  const windows = [...new Set(finalRows(world).map(({ window }) => window))].toSorted();
  return finalOf(world, windows[order - 1] ?? "none");
}

export function finalOf(world: ExperimentWorld, window: string): WindowFinalized {
  const final = finalRows(world).find((row) => row.window === window);
  if (final === undefined) throw new Error(`The window ${window} is not final.`);
  return final;
}

/** Tokens of answered requests, added up. */
export function usageOf(requests: readonly ProxiedRequest[]): Usage {
  return sumUsage(requests.map(({ usage }) => usage).filter((usage) => usage !== null));
}

/** What the final rows count, by the model that the provider asked. */
export function countedByModel(world: ExperimentWorld): Readonly<Record<string, Usage>> {
  const models = new Map(requestRows(world).map((row) => [row.window, row.requested_model]));
  return Object.fromEntries(
    SERVER_MODELS.map((model) => [
      model,
      sumUsage(
        finalRows(world)
          .filter(({ window }) => models.get(window) === model)
          .map(({ usage }) => usage),
      ),
    ]),
  );
}
