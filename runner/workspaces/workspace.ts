/** The place where one attempt is worked, outside of every repository. All paths are absolute. */
export interface Workspace {
  /** The folder made for this attempt; everything below is inside. */
  readonly base: string;
  /** The agent's working folder: a git repository whose only commit is `commitStart`. */
  readonly folder: string;
  /** The agent's home, empty but for `tmp/`. */
  readonly home: string;
  /** The commit of the untouched workspace: the same hash for the same task on every machine. */
  readonly commitStart: string;
}

/** What an agent left, as two commits in a repository that it had no part in. */
export interface SealedWorkspace {
  /** A bare git repository beside the workspace that holds both commits. Absolute. */
  readonly gitDir: string;
  readonly commitStart: string;
  /** `commitStart` where nothing was changed. */
  readonly commitEnd: string;
  /** The agent had removed or broken the workspace or its `.git`, which has been made anew. */
  readonly repaired: boolean;
  /** What the end commit leaves out, by path, at most the first hundred. */
  readonly omitted: readonly OmittedPath[];
  readonly omittedCount: number;
}

export interface OmittedPath {
  readonly path: string;
  readonly reason:
    | "dependencies"
    | "too_large"
    | "too_many"
    | "too_deep"
    | "unreadable"
    | "not_a_file";
}
