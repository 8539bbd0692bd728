import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { keyOf, type ManualWindow, nameOf, rowsOfWindow } from "./manual-window.ts";
import { giveWay } from "./proxy-reading.ts";
import { InvariantRefusedError } from "./tracker-errors.ts";

/** A capture that ends one window and begins the next. */
interface CrossingCapture {
  readonly begun: ManualWindow;
  /** The window that it ends, as the operator named it. */
  readonly from: string | undefined;
  readonly sha256: string;
}

/**
 * The window that a crossing capture ends: the named one, or the provider's only window with a `before` and
 * without an `after`. The same capture again ends the same window.
 * @throws InvariantRefusedError if the window to begin has begun, or if there is not one window to end.
 */
export function windowToEnd(view: ExperimentView, crossing: CrossingCapture): ManualWindow {
  const { begun, from } = crossing;
  const ended = endedEarlier(view, crossing);
  if (ended !== undefined && (from ?? ended.window) === ended.window) return ended;
  refuseBegun(view, begun);
  return from === undefined ? onlyOpenWindow(view, begun) : { ...begun, window: from };
}

function endedEarlier(
  view: ExperimentView,
  { begun, sha256 }: CrossingCapture,
): ManualWindow | undefined {
  if (rowsOfWindow(view, begun).before?.raw_sha256 !== sha256) return undefined;
  const ended = readingsBeside(view, begun).find(
    ({ phase, raw_sha256 }) => phase === "after" && raw_sha256 === sha256,
  );
  return ended && keyOf(ended);
}

/** To undo the reading that is there would help nobody: the next window has not been named. */
function refuseBegun(view: ExperimentView, begun: ManualWindow): void {
  const { before } = giveWay(rowsOfWindow(view, begun), "before");
  if (before === undefined) return;
  throw new InvariantRefusedError(
    `${nameOf(begun)}: expected a window that has not begun, because cross begins it, got one with a "before" of ${before.captured_at}. Name the next window: --window NEXT`,
  );
}

function onlyOpenWindow(view: ExperimentView, begun: ManualWindow): ManualWindow {
  const open = readingsBeside(view, begun)
    .filter((one) => one.phase === "before" && one.meters.length > 0)
    .filter(
      (one) => one.window !== begun.window && rowsOfWindow(view, keyOf(one)).after === undefined,
    )
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

/** The readings of the same agent and provider. */
function readingsBeside(view: ExperimentView, { agent, provider }: ManualWindow) {
  return [...view.snapshots.values()].filter(
    (row) => row.provider === provider && keyOf(row).agent === agent,
  );
}
