import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { closeServer, listenOnLoopback } from "../../platform/http/listen-on-loopback.ts";
import { answerExport, type OtlpTaker } from "./answer-export.ts";

/** A server that agents send their telemetry to. */
export interface OtlpReceiver {
  /** `http://127.0.0.1:PORT`, for `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly origin: string;
  /** Takes no further exports, and resolves when those that had arrived are taken. */
  stop(): Promise<void>;
}

/** How long a client may take to send an export. */
const REQUEST_MS = 30_000;
/** How long the end waits for exports that are being sent. */
const STOP_MS = 2000;
const OTHER_PORT = "Name another port after --listen, or 127.0.0.1:0 for a free one.";

/** Receives OTLP over HTTP on loopback. Exports are taken one after the other. */
export async function receiveOtlp(taker: OtlpTaker, port: number): Promise<OtlpReceiver> {
  const underWay = new Set<Promise<void>>();
  let last = Promise.resolve();
  const take = async (line: string): Promise<void> => {
    const taken = last.then(async () => await taker.take(line));
    last = taken.catch(() => undefined);
    await taken;
  };
  const limits = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS };
  const server = createServer(limits, (request, response) => {
    const [path = ""] = (request.url ?? "").split("?", 1);
    const answered = answerExport({ request, response }, path, { ...taker, take });
    underWay.add(answered);
    void answered.finally(() => underWay.delete(answered));
  });
  const origin = await listenOnLoopback(server, { port, mend: OTHER_PORT });
  return {
    origin,
    stop: async () => {
      server.close();
      // Agents that leave send their last counts now.
      const over = new AbortController();
      const late = sleep(STOP_MS, undefined, { signal: over.signal }).catch(() => undefined);
      await Promise.race([Promise.allSettled(underWay), late]);
      over.abort();
      await closeServer(server);
      await last;
    },
  };
}
