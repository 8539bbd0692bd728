import type { Clock } from "../../../ledger/domain/clock.ts";
import type { Meter } from "../../../ledger/domain/meter.ts";
import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import type { HeldBytes } from "../../platform/http/hold-body.ts";
import type { CompanyNetwork } from "../../platform/network/company-network.ts";
import type { Admission, Refusal } from "./admission.ts";
import type { AttemptSockets } from "./attempt-sockets.ts";
import type { Attempt } from "./attempts.ts";
import type { UsageAsker } from "./chat-usage/usage-asker.ts";
import type { InterceptedKeys, Interception } from "./mitm/intercept.ts";
import type { Connections } from "./network/connection-log.ts";
import type { Recorder } from "./recording/record.ts";
import type { Pace } from "./routes/pace.ts";
import type { AttemptRoute } from "./routes/route.ts";
import type { StatusBoard } from "./status.ts";
import type { UpstreamPools } from "./upstream-pools.ts";
import type { YoungBuffers } from "./young-buffers.ts";

/** A loopback reverse proxy that meters every request and stops those that a budget refuses. */
export interface Proxy {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Makes the key that identifies the requests of one attempt. */
  openAttempt(route: AttemptRoute): AttemptKey;
  /**
   * Opens a Unix socket for an attempt whose agent has no network, and resolves to its path. What comes
   * through it belongs to this attempt. The port refuses the attempt's key from then on, so a
   * neighbour who reads the key can't use it.
   */
  openSocket(key: string): Promise<string>;
  /**
   * Refuses later requests with the key and resolves when those in flight are settled. The proxy
   * breaks off requests that still run after the drain time.
   */
  closeAttempt(key: string): Promise<void>;
  /** Refuses every later request of the attempt; those in flight may finish. The first refusal stays. */
  refuseAttempt(key: string, refusal: Refusal): void;
  /** Requests that have arrived and are not settled. */
  inFlight(): number;
  /** The same count for one attempt; 0 for an unknown key. */
  inFlightOf(key: string): number;
  /** The last vendor reading of each meter, from the answers to the attempt's requests. */
  metersOf(key: string): readonly Meter[];
  /** The first vendor reading of each meter. */
  firstMetersOf(key: string): readonly Meter[];
  /** When the limit resets that the last 429 of the attempt stands for, in epoch milliseconds; null if unknown. */
  limitResetOf(key: string): number | null;
  /** What an attempt's agent asked for besides its models; null if it has no socket, so nothing is known. */
  connectionsOf(key: string): Connections | null;
  status(): ReturnType<StatusBoard["read"]>;
  /** Breaks off what is in flight, settles it, and closes the port. */
  stop(): Promise<void>;
}

export interface AttemptKey {
  readonly key: string;
  /** The attempt address, which is the agent's base URL: `${origin}/w/${key}`, without a closing slash. */
  readonly url: string;
  /** For an agent without such a setting, as its `HTTPS_PROXY`: `http://${key}@127.0.0.1:PORT`. */
  readonly proxyUrl: string;
}

/** The address for what the agent of an attempt sends by OpenTelemetry. */
export function telemetryUrlOf({ url }: Pick<AttemptKey, "url">): string {
  return `${url}/otlp`;
}

/** A model at the upstream that was asked; null if none was. */
interface AskedModel {
  readonly model: string | null;
  readonly upstream: string | null;
}

/** Dollars of a request made at a moment (epoch ms); null if the price is unknown, which is not zero. */
type PriceOf = (asked: AskedModel, usage: Usage, atMs: number) => number | null;

export interface ProxyOptions {
  readonly clock: Clock;
  readonly admission: Admission;
  /** Called once for every request of every attempt, when it has ended. Must not throw. */
  readonly onRequestSettled: (event: ProxiedRequest) => void;
  /** Makes keys, which must be hard to guess, and trace ids. */
  readonly randomId: () => string;
  /** The price of a request; without it, every cost is unknown. */
  readonly priceOf?: PriceOf;
  /** The port to listen on; by default any free one. */
  readonly port?: number | undefined;
  /** Serves clients that use the proxy as their `HTTPS_PROXY`. */
  readonly interception?: Interception | null;
  /** `GET /-/status` answers requests with this bearer token; without it, none. */
  readonly statusKey?: string;
  /** The current budgets, for the status. */
  readonly readBudgets?: () => readonly unknown[];
  /** The proxy holds the body of a model request until it knows the model. A larger body gets a 413. */
  readonly bodyBytesMax?: number;
  /** Keeps prompts and answers; without it, none are stored. */
  readonly recorder?: Recorder | null | undefined;
  /** What no recording may hold, in every spelling. */
  readonly secrets?: () => readonly string[];
  /** Bodies of all requests together, until they are settled. A request above that gets a 503. */
  readonly heldBytesMax?: number;
  /** How long a client may take to send a request, ms. */
  readonly requestMs?: number;
  /** How upstreams and other hosts are reached; directly by default. */
  readonly company?: CompanyNetwork;
  /** A loopback port that counts as a public host's, for tests without a network. */
  readonly publicLoopbackPort?: number | undefined;
  /** The origin of a vendor's host; another one only for tests without a network. */
  readonly originOf?: ((host: string) => string) | undefined;
  /** How long the proxy reads on for the usage after the client has left, ms. */
  readonly drainMs?: number;
}

/** What all requests of a proxy share. */
export interface ProxyContext extends Pick<
  ProxyOptions,
  "clock" | "admission" | "onRequestSettled" | "randomId" | "originOf"
> {
  readonly priceOf: PriceOf;
  readonly attempts: ReadonlyMap<string, Attempt>;
  /** The ways in of agents without a network. */
  readonly sockets: Pick<AttemptSockets, "ownerOf" | "closeAll">;
  /** Keys of connections that came through CONNECT. */
  readonly interceptedKeys: InterceptedKeys;
  readonly pools: UpstreamPools;
  readonly pace: Pace;
  readonly usageAsker: UsageAsker;
  readonly youngBuffers: YoungBuffers;
  /** Null keeps no requests and answers. */
  readonly recorder: Recorder | null;
  readonly secrets: () => readonly string[];
  readonly bodyBytesMax: number;
  readonly held: HeldBytes;
  readonly drainMs: number;
  /** Takes errors that the proxy should never throw; `stop` throws the first one. */
  readonly onDefect: (defect: unknown) => void;
}
