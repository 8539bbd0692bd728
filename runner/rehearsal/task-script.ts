/** The scripted model's knowledge of one feature. */
export interface TaskScript {
  readonly featureId: string;
  /** The text after `Feature:` in the specification; it identifies the task of a request. */
  readonly title: string;
  /** Names of all acceptance scenarios, visible and held-out. */
  readonly scenarios: readonly string[];
  /** The solutions to choose from; at least one. */
  readonly variants: readonly TaskVariant[];
  /** Lines that the reference solution adds and removes; if absent, as many as its files have. */
  readonly changedLines?: number;
}

export interface TaskVariant {
  readonly name: string;
  /** Names of the scenarios that this solution fails. */
  readonly fails: readonly string[];
  /** Contents by path relative to the workspace, with `/` between folders. */
  readonly files: Readonly<Record<string, string>>;
  /** Paths of files that it removes; absent if there are none. */
  readonly removed?: readonly string[];
}

/**
 * The variant whose failing scenarios are closest to the drawn ones (the fewest scenarios judged
 * differently). Among equals the first one wins.
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
