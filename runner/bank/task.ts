/** A feature of the task bank, read from its folder. */
export interface Task {
  readonly id: string;
  readonly title: string;
  readonly language: string;
  readonly stratum: string;
  readonly size?: string | undefined;
  readonly difficulty?: string | undefined;
  /** Tasks of one family share more than others do: together they are one unit of inference. */
  readonly family?: string | undefined;
  /** Absolute path of the task's folder. */
  readonly folder: string;
  /** The text of `feature.feature`, which the agent is asked to implement. */
  readonly featureText: string;
  /** Paths relative to the workspace. Only these are graded. */
  readonly solutionPaths: readonly string[];
  /** Folders relative to the task's folder that hold the hidden acceptance suite. */
  readonly acceptancePaths: readonly string[];
  readonly timeoutS: number;
  readonly tokensMax: number;
  readonly isDeterministic: boolean;
  /** Hosts that a sandboxed agent reaches besides its models; absent if the task needs none. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** SHA-256 (hex) over every file of the folder and its path. */
  readonly digest: string;
}
