import type { Usage } from "../../../ledger/domain/usage.ts";
import type { DialectName } from "../../gateway/proxy/dialects/dialect.ts";
import type { RenewalPlace } from "../../gateway/proxy/renewal/renewal.ts";
import type { OWN_UPSTREAMS } from "../../gateway/proxy/vendors.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import type { Read, ReadOptions } from "../../platform/reader/in-reader.ts";
import type { Installation } from "../sandbox/installation.ts";

/** One attempt at a window, as a driver sees it. */
export interface AgentAssignment {
  /** The agent's home: an empty folder for this attempt alone. Absolute. */
  readonly home: string;
  readonly prompt: string;
  readonly model: string;
  /** The proxy's address for this attempt, `http://127.0.0.1:PORT/w/KEY`, without a trailing slash. */
  readonly proxyUrl: string;
  /** The attempt's key, which the agent presents as its credential. */
  readonly proxyKey: string;
  /** The API that the agent speaks, one of the driver's; absent: the driver's first. */
  readonly dialect?: DialectName;
  /** With `telemetry: otlp`: the address for OpenTelemetry, to which agents add `/v1/logs` and the like. */
  readonly telemetryUrl?: string;
  /** With `via: mitm`: how the agent reaches the proxy without a base URL. */
  readonly interception?: AgentInterception;
  /** With a log-in that it may have to renew: how it reaches the proxy for this. */
  readonly renewal?: AgentInterception;
  /** `key` (the default): the agent presents the proxy's key; `inherit`: the user's own login. */
  readonly auth?: "inherit" | "key";
}

/** Makes an agent use a proxy that it has no setting for. The files are in the agent's home. */
export interface AgentInterception {
  /** `http://KEY@127.0.0.1:PORT`, for `HTTPS_PROXY`. */
  readonly proxyUrl: string;
  /** The certificate to trust in addition to the usual ones, PEM. */
  readonly certificateFile: string;
  /** This certificate together with the usual ones, for agents that read a single file. */
  readonly bundleFile: string;
}

export type DriverProbe =
  | { readonly ready: true; readonly version: string; readonly executable: string }
  | { readonly ready: false; readonly lacks: string; readonly install: string };

/** The user's own login as environment variables for the agent, or how to get one. */
export type DriverLogin =
  | {
      readonly found: true;
      readonly variables: Readonly<Record<string, string>>;
      readonly file?: LoginFile;
    }
  | { readonly found: false; readonly lacks: string; readonly mend: string };

/** A file in JSON that holds a log-in. The agent gets a copy. */
export interface LoginFile {
  /** Absolute path on this machine. */
  readonly source: string;
  /** Its place in the agent's home. */
  readonly name: string;
  readonly renewal: LoginRenewal;
}

/** How a client renews its log-in, and the fields of its file that a renewal changes. */
export interface LoginRenewal extends RenewalPlace {
  readonly accessToken: readonly string[];
  readonly refreshToken: readonly string[];
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt?: readonly string[];
}

/** The two places of an agent's own report: its captured output, and its home. */
export interface ReportPlace {
  readonly capture: string;
  readonly home: string;
}

/** What the agent itself reports about its run: a check of the proxy's count, never the count. */
export interface AgentReport {
  readonly usage?: Usage;
  /** Why the usage is unknown, if its counts can't be right. */
  readonly usageFault?: string;
  /** The usage leaves sub-agents out. */
  readonly isMainOnly?: true;
  /** The usage leaves out some requests that nothing marks, for example one for a title. */
  readonly isPartial?: true;
  /** Dollars by the agent's own price list; absent if the list lacks the model. */
  readonly costUsd?: number;
  /** The agent says that its run failed. Some agents still exit with 0. */
  readonly hasFailed?: true;
}

/** One kind of agent: how to find it on this machine and how to start it on a task. */
export interface Driver {
  readonly name: string;
  /** Its name in sentences, such as `Claude Code`. */
  readonly title: string;
  /** The version that the specs run; absent for an agent that comes with the product. */
  readonly tested?: string;
  /** Two models that `experiment init` may compare, the dearer one first. */
  readonly models?: readonly [string, string];
  /** Models that the tested version asks by itself: for sub-agents, compactions, titles and checks. */
  readonly otherModels?: readonly string[];
  /** The vendor of its API: requests go to this upstream if the provider names none. */
  readonly vendor: keyof typeof OWN_UPSTREAMS;
  /** The APIs that it speaks, its default first. */
  readonly dialects: readonly [DialectName, ...DialectName[]];
  /** False if requests to its model do not go by `HTTPS_PROXY`, so that `via: mitm` is refused. */
  readonly isInterceptable?: false;
  /** Looks for the agent without running a task, before anything is spent. */
  probe(environment: Environment): Promise<DriverProbe>;
  /**
   * The login that `auth: inherit` uses; absent if the driver has none. It is read before anything is
   * spent and again for every window, because a login may expire.
   */
  findLogin?(environment: Environment): Promise<DriverLogin>;
  /** What of this machine the agent needs to run, besides Node and the system's folders. */
  installation(executable: string): Installation;
  /** The command that works one task; pure, so that `plan` can show it. */
  commandLine(assignment: AgentAssignment, context: DriverContext): CommandLine;
  /** Reads the agent's captured output, or what it has written into its home. */
  readReport?(place: ReportPlace, options?: ReadOptions): Promise<Read<AgentReport>>;
}

export interface DriverContext {
  readonly executable: string;
  readonly isRoot: boolean;
  /** Our own environment; a driver passes on only what the agent needs (PATH, LANG, TZ). */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** With `auth: inherit`: what `findLogin` found. Secrets: never show, log or keep them. */
  readonly login?: Readonly<Record<string, string>>;
}
