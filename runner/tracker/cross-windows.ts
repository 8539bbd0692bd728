import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { keyOf, type ManualWindow, nameOf, rowsOfWindow } from "./manual-window.ts";
import { InvariantRefusedError } from "./tracker-errors.ts";

/**
 * The window that a crossing capture ends: the provider's only window with a `before` and without an
 * `after`, or the window that this same capture ended earlier.
 * @throws InvariantRefusedError if there is none, or more than one.
 */
export function windowToEnd(
  view: ExperimentView,
  begun: ManualWindow,
  captureSha256: string,
): ManualWindow {
  const readings = [...view.snapshots.values()].filter(
    ({ provider }) => provider === begun.provider,
  );
  const ended = readings.find(
    ({ phase, raw_sha256: sha256 }) => phase === "after" && sha256 === captureSha256,
  );
  const hasBegun = rowsOfWindow(view, begun).before?.raw_sha256 === captureSha256;
  if (ended !== undefined && hasBegun) return keyOf(ended);
  const open = readings
    .filter((one) => one.phase === "before" && one.meters.length > 0)
    .filter((one) => one.window !== begun.window && rowsOfWindow(view, one).after === undefined)
    .toSorted((left, right) => left.seq - right.seq);
  const [only] = open;
  if (only !== undefined && open.length === 1) return keyOf(only);
  const names = open.map(({ window }) => window).join(", ");
  throw new InvariantRefusedError(
    only === undefined
      ? `${nameOf(begun)}: expected an open window of ${begun.provider} that this capture ends, got none. Take the capture with: experiment snapshot before, or name the window with --from.`
      : `${nameOf(begun)}: expected one open window of ${begun.provider} that this capture ends, got several: ${names}. Name it with --from.`,
  );
}
