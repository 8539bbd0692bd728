import { type LeftOut, sayLeftOut } from "../../platform/reader/left-out.ts";
import type { NoticedAnomaly } from "./window-worker.ts";

/** Says what counts as absent, if anything does. */
export function noticeLeftOut(
  what: string,
  leftOut: readonly LeftOut[],
): readonly NoticedAnomaly[] {
  if (leftOut.length === 0) return [];
  const action = `${what}: ${sayLeftOut(leftOut)}.`;
  return [{ kind: "left-out", observed: { left_out: leftOut }, action }];
}
