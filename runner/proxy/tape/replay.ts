import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { findDialect } from "../dialects/find-dialect.ts";
import { holdBody } from "../hold-body.ts";
import { isHopByHop } from "../hop-by-hop.ts";
import { listenOnLoopback } from "../listen-on-loopback.ts";
import { giveAnswer, hardStop } from "../own-answer.ts";
import { headerPairs } from "../request-headers.ts";
import { subagentIdOf } from "../subagent.ts";
import { bodyDigest, type RecordedExchange } from "./recorded-exchange.ts";

/** `original` keeps the pauses of the recording, `zero` leaves them out. */
export type ReplayTiming = "original" | "zero";

/** A server that answers from a recording, in place of every upstream. */
export interface ReplayServer {
  readonly origin: string;
  stop(): Promise<void>;
}

const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** Plays a recording: every exchange once. */
export async function startReplay(
  tape: readonly RecordedExchange[],
  timing: ReplayTiming,
): Promise<ReplayServer> {
  const unplayed = new Unplayed(tape);
  const server = createServer((request, response) => {
    response.on("error", () => undefined);
    void answer(unplayed, timing, { request, response });
  });
  const origin = await listenOnLoopback(server);
  return {
    origin,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answer(
  unplayed: Unplayed,
  timing: ReplayTiming,
  { request, response }: Call,
): Promise<void> {
  const body = await holdBody(request, { bytesMax: BODY_BYTES_MAX, takeRoom: () => true });
  const path = request.url ?? "";
  const bytes = body.kind === "held" ? body.bytes : Buffer.alloc(0);
  const isSubagent = subagentIdOf(request.headers) !== null;
  const recorded = unplayed.take({ path, body: bytes, isSubagent });
  if (recorded === undefined) {
    const { dialect } = findDialect(request.method ?? "", path.split("?")[0] ?? "");
    giveAnswer(response, hardStop(dialect, "The recording is over. This run is over."), null);
    return;
  }
  await play(recorded, timing, response);
}

async function play(
  { status, response_headers, chunks, is_whole }: RecordedExchange,
  timing: ReplayTiming,
  response: ServerResponse,
): Promise<void> {
  const headers = [...headerPairs(response_headers)]
    .filter(([name]) => !isHopByHop(name.toLowerCase(), []))
    .flat();
  response.writeHead(status, headers);
  let playedMs = 0;
  for (const { at_ms, bytes } of chunks) {
    // oxlint-disable-next-line no-await-in-loop -- the pauses are part of what is played
    if (timing === "original") await sleep(at_ms - playedMs);
    playedMs = at_ms;
    if (response.destroyed) return;
    response.write(Buffer.from(bytes, "base64"));
  }
  if (is_whole) response.end();
  else response.socket?.destroySoon();
}

/** What is asked of a recording. */
interface Asked {
  readonly path: string;
  readonly body: Buffer;
  readonly isSubagent: boolean;
}

/** Exchanges that have not been played. */
class Unplayed {
  readonly #left: RecordedExchange[];
  readonly #digests = new Map<RecordedExchange, string>();

  constructor(tape: readonly RecordedExchange[]) {
    this.#left = [...tape];
    for (const one of tape) {
      this.#digests.set(one, bodyDigest(Buffer.from(one.request_body, "base64")));
    }
  }

  /**
   * The same request's exchange, else the next one of the same path and the same kind of sender:
   * what agents send differs by dates, folders and session names from run to run.
   */
  take({ path, body, isSubagent }: Asked): RecordedExchange | undefined {
    const digest = bodyDigest(body);
    const same = (one: RecordedExchange): boolean =>
      one.path === path && one.is_subagent === isSubagent;
    const exact = this.#left.findIndex((one) => same(one) && this.#digests.get(one) === digest);
    const index = exact === -1 ? this.#left.findIndex(same) : exact;
    return index === -1 ? undefined : this.#left.splice(index, 1)[0];
  }
}
