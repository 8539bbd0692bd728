/** What a scripted model knows about one feature. */
export interface TaskScript {
  readonly featureId: string;
  /** The text after `Feature:` in the specification; it tells a request's task. */
  readonly title: string;
  /** Names of all acceptance scenarios, visible and held-out. */
  readonly scenarios: readonly string[];
  /** Solutions from which the one that fits the draw is chosen; at least one. */
  readonly variants: readonly TaskVariant[];
}

export interface TaskVariant {
  readonly name: string;
  /** Names of the scenarios that this solution fails. */
  readonly fails: readonly string[];
  /** Contents by path relative to the workspace, with `/` between folders. */
  readonly files: Readonly<Record<string, string>>;
}
