import type { Usage } from "../../ledger/domain/usage.ts";
import type { Environment } from "../environment.ts";

/** What a driver is told about one attempt at a window. */
export interface AgentAssignment {
  /** The agent's working directory: a fresh git repository. Absolute. */
  readonly workspace: string;
  /** An empty folder of this attempt's own that serves as the agent's home. Absolute. */
  readonly home: string;
  readonly prompt: string;
  readonly model: string;
  /** The proxy's address for this attempt, `http://127.0.0.1:PORT/w/KEY`, without a trailing slash. */
  readonly proxyUrl: string;
  /** The attempt's key; the agent presents it where it must present a credential. */
  readonly proxyKey: string;
  /** With `via: mitm`, instead of the base URL: how the agent reaches the proxy all the same. */
  readonly interception?: AgentInterception;
  /** `key` (the default): the agent presents the proxy's key; `inherit`: the user's own login. */
  readonly auth?: "inherit" | "key";
}

/** What makes an agent use a proxy that it has no setting for. Files lie in the agent's home. */
export interface AgentInterception {
  /** `http://KEY@127.0.0.1:PORT`, for `HTTPS_PROXY`. */
  readonly proxyUrl: string;
  /** The certificate to trust besides the usual ones, PEM. */
  readonly certificateFile: string;
  /** The certificate and the usual ones, for agents that trust one file alone. */
  readonly bundleFile: string;
}

/** A process to start: no shell, an environment of its own. */
export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export type DriverProbe =
  | { readonly ready: true; readonly version: string; readonly executable: string }
  | { readonly ready: false; readonly lacks: string; readonly install: string };

/** The user's own login as environment variables for the agent, or what to do to have one. */
export type DriverLogin =
  | { readonly found: true; readonly variables: Readonly<Record<string, string>> }
  | { readonly found: false; readonly lacks: string; readonly mend: string };

/** One kind of agent: how to find it on this machine and how to start it on a task. */
export interface Driver {
  readonly name: string;
  /** Looks for the agent without running a task, before anything is spent. */
  probe(environment: Environment): Promise<DriverProbe>;
  /**
   * The login that `auth: inherit` uses; a driver without this knows no login of its own.
   * Asked before anything is spent and again for every window, since a login may run out.
   */
  findLogin?(environment: Environment): Promise<DriverLogin>;
  /** The command that works one task; pure, so that `plan` can show it. */
  commandLine(assignment: AgentAssignment, context: DriverContext): CommandLine;
  /** What the agent itself says it used, from its captured output: a cross-check, never the count. */
  readUsage?(capture: string): Promise<Usage | undefined>;
  /** Dollars by the agent's own price list; undefined where it does not know its model's price. */
  readCostUsd?(capture: string): Promise<number | undefined>;
}

export interface DriverContext {
  readonly executable: string;
  readonly isRoot: boolean;
  /** The harness's own environment; a driver passes on only what the agent needs (PATH, LANG, TZ). */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** With `auth: inherit`: what `findLogin` found. Secrets: never shown, logged or kept. */
  readonly login?: Readonly<Record<string, string>>;
}
