import type { Attempt } from "./attempts.ts";
import type { HeldBytes } from "./hold-body.ts";
import type { InterceptedKeys } from "./mitm/intercept.ts";
import type { ProxyOptions } from "./proxy.ts";
import type { Recorder } from "./recording/record.ts";
import type { PriceOf } from "./request-event.ts";
import type { Pace } from "./routes/pace.ts";
import type { UpstreamPools } from "./upstream-pools.ts";
import type { YoungBuffers } from "./young-buffers.ts";

/** What all requests of a proxy share. */
export interface ProxyContext extends Pick<
  ProxyOptions,
  "clock" | "admission" | "onRequestSettled" | "randomId"
> {
  readonly priceOf: PriceOf;
  readonly attempts: ReadonlyMap<string, Attempt>;
  /** Keys of connections that came through CONNECT. */
  readonly interceptedKeys: InterceptedKeys;
  readonly pools: UpstreamPools;
  readonly pace: Pace;
  readonly youngBuffers: YoungBuffers;
  /** Null keeps no requests and answers. */
  readonly recorder: Recorder | null;
  readonly bodyBytesMax: number;
  readonly held: HeldBytes;
  readonly drainMs: number;
  /** Takes errors that the proxy should never throw; `stop` throws the first one. */
  readonly onDefect: (defect: unknown) => void;
}
