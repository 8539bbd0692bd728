import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { type HandWindow, nameOf, rowsOfWindow } from "./hand-window.ts";
import { InvariantRefusedError } from "./tracker-errors.ts";

/**
 * The window that a crossing capture ends: the provider's one window that has a `before` and no
 * `after` yet, or the one that this very capture ended before.
 * @throws InvariantRefusedError where there is none, or more than one.
 */
export function windowToEnd(
  view: ExperimentView,
  begun: HandWindow,
  captureSha256: string,
): HandWindow {
  const ended = [...view.snapshots.values()]
    .filter(({ phase, provider }) => phase === "after" && provider === begun.provider)
    .find(({ raw_sha256: sha256 }) => sha256 === captureSha256);
  if (ended !== undefined && hasBegunWith(view, begun, captureSha256)) return keyOf(ended);
  const open = openWindows(view, begun.provider).filter(({ window }) => window !== begun.window);
  const [only] = open;
  if (only !== undefined && open.length === 1) return keyOf(only);
  const names = open.map(({ window }) => window).join(", ");
  throw new InvariantRefusedError(
    only === undefined
      ? `${nameOf(begun)}: expected an open window of ${begun.provider} that this capture ends, got none. Take the capture with: experiment snapshot before, or name the window with --from.`
      : `${nameOf(begun)}: expected one open window of ${begun.provider} that this capture ends, got several: ${names}. Name it with --from.`,
  );
}

function hasBegunWith(view: ExperimentView, begun: HandWindow, captureSha256: string): boolean {
  return rowsOfWindow(view, begun).before?.raw_sha256 === captureSha256;
}

function keyOf({ window, attempt, provider }: HandWindow): HandWindow {
  return { window, attempt, provider };
}

/** Windows with a `before` and no `after`, in the order of their readings. */
function openWindows(view: ExperimentView, provider: string): readonly HandWindow[] {
  return [...view.snapshots.values()]
    .filter((one) => one.provider === provider && one.phase === "before" && one.meters.length > 0)
    .filter((one) => rowsOfWindow(view, one).after === undefined)
    .toSorted((left, right) => left.seq - right.seq);
}
