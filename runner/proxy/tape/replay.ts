import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { findDialect } from "../dialects/find-dialect.ts";
import { holdBody } from "../hold-body.ts";
import { isHopByHop } from "../hop-by-hop.ts";
import { listenOnLoopback } from "../listen-on-loopback.ts";
import { giveAnswer, hardStop } from "../own-answer.ts";
import { headerPairs } from "../request-headers.ts";
import { subagentIdOf } from "../subagent.ts";
import { LANE_HEADER, readLane } from "./lane.ts";
import { movePaths, type TimedBytes } from "./move-paths.ts";
import type { RecordedExchange } from "./recorded-exchange.ts";
import { type Asked, Unplayed } from "./unplayed.ts";

/** `original` keeps the pauses of the recording, `zero` leaves them out. */
export type ReplayTiming = "original" | "zero";

/** A server that answers from a recording, in place of every upstream. */
export interface ReplayServer {
  readonly origin: string;
  /** The first request to a model that the recording has no answer for, in words; null: none. */
  readonly missing: () => string | null;
  /** Fires with that request. */
  readonly ranOut: AbortSignal;
  stop(): Promise<void>;
}

const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** Plays a recording: every exchange once. */
export async function startReplay(
  tape: readonly RecordedExchange[],
  timing: ReplayTiming,
): Promise<ReplayServer> {
  const unplayed = new Unplayed(tape);
  const ranOut = new AbortController();
  const player = { unplayed, timing, ranOut };
  const server = createServer((request, response) => {
    response.on("error", () => undefined);
    void answer(player, { request, response });
  });
  const origin = await listenOnLoopback(server);
  return {
    origin,
    missing: () => (ranOut.signal.aborted ? String(ranOut.signal.reason) : null),
    ranOut: ranOut.signal,
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

interface Player {
  readonly unplayed: Unplayed;
  readonly timing: ReplayTiming;
  readonly ranOut: AbortController;
}

async function answer(
  { unplayed, timing, ranOut }: Player,
  { request, response }: Call,
): Promise<void> {
  const body = await holdBody(request, { bytesMax: BODY_BYTES_MAX, takeRoom: () => true });
  const asked: Asked = {
    method: request.method ?? "",
    path: request.url ?? "",
    body: body.kind === "held" ? body.bytes : Buffer.alloc(0),
    subagentId: subagentIdOf(request.headers),
    lane: readLane(request.headers[LANE_HEADER]),
  };
  const recorded = unplayed.take(asked);
  if (recorded !== undefined) {
    return await play(recorded, { timing, response, folder: asked.lane?.folder ?? null });
  }
  const { dialect, kind } = findDialect(asked.method, asked.path.split("?")[0] ?? "");
  // Agents ask for more than models, and differently often from run to run.
  if (kind === "model") ranOut.abort(describe(asked));
  giveAnswer(response, hardStop(dialect, "The recording is over. This run is over."), null);
}

function describe({ method, path, subagentId, lane }: Asked): string {
  const sender = subagentId === null ? "the main agent" : "a sub-agent";
  const whose = lane === null ? sender : `${sender} of ${lane.provider} in ${lane.window}`;
  return `${method} ${path} by ${whose}`;
}

interface Playing {
  readonly timing: ReplayTiming;
  readonly response: ServerResponse;
  /** Where the agent's folders are now. */
  readonly folder: string | null;
}

async function play(
  recorded: RecordedExchange,
  { timing, response, folder }: Playing,
): Promise<void> {
  const { status, response_headers, is_whole } = recorded;
  const chunks = chunksFor(recorded, folder);
  const headers = [...headerPairs(response_headers)]
    .filter(([name]) => !isHopByHop(name.toLowerCase(), []))
    .filter(([name]) => name.toLowerCase() !== "content-length")
    .flat();
  response.writeHead(status, headers);
  let playedMs = 0;
  for (const { at_ms, bytes } of chunks) {
    // oxlint-disable-next-line no-await-in-loop -- the pauses are part of what is played
    if (timing === "original") await sleep(at_ms - playedMs);
    playedMs = at_ms;
    if (response.destroyed) return;
    response.write(bytes);
  }
  if (is_whole) response.end();
  else response.socket?.destroySoon();
}

/** The bytes as they came, but for the folder that the agent is in. */
function chunksFor(
  { chunks, lane, response_headers }: RecordedExchange,
  folder: string | null,
): readonly TimedBytes[] {
  const timed = chunks.map(({ at_ms, bytes }) => ({ at_ms, bytes: Buffer.from(bytes, "base64") }));
  const from = lane?.folder ?? null;
  const isEncoded = [...headerPairs(response_headers)].some(
    ([name]) => name.toLowerCase() === "content-encoding",
  );
  if (from === null || folder === null || from === folder || isEncoded) return timed;
  return movePaths(timed, { from, to: folder });
}
