import type { TaskScript, TaskVariant } from "./task-script.ts";

/**
 * The variant whose failing scenarios come closest to those that were drawn as failing
 * (fewest scenarios judged differently); the first of several that are equally close.
 */
export function chooseVariant(
  variants: TaskScript["variants"],
  failsDrawn: ReadonlySet<string>,
): TaskVariant {
  const distance = ({ fails }: TaskVariant): number =>
    failsDrawn.symmetricDifference(new Set(fails)).size;
  return variants.reduce((closest, variant) =>
    distance(variant) < distance(closest) ? variant : closest,
  );
}
