/** A task of the bank, read from its folder. */
export type Task = GherkinTask | CommandTask;

/** What every task has. */
interface TaskFacts {
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
  readonly timeoutS: number;
  readonly tokensMax: number;
  readonly isDeterministic: boolean;
  /** Hosts that a sandboxed agent reaches besides its models; absent if the task needs none. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** SHA-256 (hex) over every file of the folder and its path. It covers the commit, which `task.yaml` names. */
  readonly digest: string;
}

/** A feature in Gherkin for one module, graded by scenarios that run in another process. */
export interface GherkinTask extends TaskFacts {
  readonly kind: "gherkin";
  /** The text of `feature.feature`, which the agent is asked to implement. */
  readonly featureText: string;
  /** Paths relative to the workspace. Only these are graded. */
  readonly solutionPaths: readonly string[];
  /** Folders relative to the task's folder that hold the hidden acceptance suite. */
  readonly acceptancePaths: readonly string[];
}

/** A change of a repository, graded by a command that runs the repository's own tests. */
export interface CommandTask extends TaskFacts {
  readonly kind: "command";
  /** What the agent is asked for. */
  readonly statement: string;
  readonly workspace: CommitPlace;
  readonly setup: SetupPlan;
  readonly acceptance: CommandAcceptance;
  /** Paths relative to the repository that are graded; absent if all are. */
  readonly solutionPaths?: readonly string[] | undefined;
}

/** The commit that the agent starts from. */
interface CommitPlace {
  /** Absolute path of the repository. */
  readonly repo: string;
  /** What the repository is called on every machine: by the path that `task.yaml` has. */
  readonly repoName: string;
  /** Full hash. */
  readonly commit: string;
  /** The folder in which the agent and all commands work, relative to the repository; empty for the repository. */
  readonly path: string;
  /** Settings of agents in the repository that the workspace keeps, relative to the repository. */
  readonly agentSettings: readonly string[];
}

/** What makes the files of a commit ready for work. It runs once for each commit. */
export interface SetupPlan {
  /** Commands with their arguments, one after the other; none if the files are ready as they are. */
  readonly runs: readonly (readonly string[])[];
  /** Names of the variables that the commands get from the harness's environment. */
  readonly variables: readonly string[];
  readonly allowedHosts: readonly string[];
}

interface CommandAcceptance {
  readonly run: readonly string[];
  readonly results: ResultsSource;
  /** Folder relative to the task's folder whose files are laid over the work; absent if there is none. */
  readonly overlay?: string | undefined;
  /** Paths relative to the repository that are restored before grading. */
  readonly protect: readonly string[];
  /** Names of tests. */
  readonly failToPass: readonly string[];
  readonly passToPass: readonly string[];
  /** Tests that must fail. One that passes shows that the results are forged. */
  readonly canaries: readonly string[];
}

/** The file with the results of the tests, and its format. The exit code makes the whole suite one test. */
export type ResultsSource =
  | { readonly format: "junit" | "tap" | "go_json"; readonly file: string }
  | { readonly format: "exit_code" };
