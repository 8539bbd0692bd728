import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { decodeBody } from "../decode-body.ts";
import { findDialect } from "../dialects/find-dialect.ts";
import { holdBody } from "../hold-body.ts";
import { isHopByHop } from "../hop-by-hop.ts";
import { listenOnLoopback } from "../listen-on-loopback.ts";
import { giveAnswer, hardStop } from "../own-answer.ts";
import { headerPairs } from "../request-headers.ts";
import { subagentIdOf } from "../subagent.ts";
import { LANE_HEADER, readLane } from "./lane.ts";
import { movePaths, type TimedBytes } from "./move-paths.ts";
import type { RecordedExchange, TapedExchange } from "./recorded-exchange.ts";
import { redactPath } from "./redact-path.ts";
import { describeIdentity, identify } from "./request-identity.ts";
import { type Asked, Unplayed } from "./unplayed.ts";

/** `original` keeps the pauses of the recording, `zero` leaves them out. */
export type ReplayTiming = "original" | "zero";

/** A server that answers from a recording, in place of every upstream. */
export interface ReplayServer {
  readonly origin: string;
  /** Fires with the first request to a model that the recording has no answer for. */
  readonly ranOut: AbortSignal;
  stop(): Promise<void>;
}

interface ReplayOptions {
  readonly timing: ReplayTiming;
  /** Told in a sentence of each request that is answered by another one's exchange, or by none. */
  readonly say: (sentence: string) => void;
}

const BODY_BYTES_MAX = 64 * 1024 * 1024;
/** More of them say nothing new: the session is another one than the recorded. */
const DEPARTURES_SAID_MAX = 50;

/** Plays a recording: every exchange once. */
export async function startReplay(
  tape: readonly TapedExchange[],
  { timing, say }: ReplayOptions,
): Promise<ReplayServer> {
  const ranOut = new AbortController();
  const player = { unplayed: new Unplayed(tape), timing, ranOut, say: atMost(say) };
  const server = createServer((request, response) => {
    response.on("error", () => undefined);
    void answer(player, { request, response });
  });
  const origin = await listenOnLoopback(server);
  return {
    origin,
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

interface Player extends ReplayOptions {
  readonly unplayed: Unplayed;
  readonly ranOut: AbortController;
}

async function answer(
  { unplayed, timing, ranOut, say }: Player,
  { request, response }: Call,
): Promise<void> {
  const asked = await readAsked(request);
  const taken = unplayed.take(asked);
  if (taken !== undefined) {
    const { exchange, recordedAs } = taken;
    if (recordedAs !== null) {
      const question = `${describe(asked)} is answered by ${exchange.name}`;
      say(`The recording differs: ${question}, which was recorded for ${recordedAs}.`);
    }
    return await play(exchange, { timing, response, folder: asked.lane?.folder ?? null });
  }
  const { dialect, kind } = findDialect(asked.method, asked.path.split("?")[0] ?? "");
  // Agents ask for more than models, and differently often from run to run.
  if (kind === "model" && !ranOut.signal.aborted) {
    const missing = `${describe(asked)}. Next in it: ${unplayed.nextBeside(asked) ?? "nothing"}`;
    say(`The recording has no answer to ${missing}.`);
    ranOut.abort();
  }
  giveAnswer(response, hardStop(dialect, "The recording has no answer. This run is over."), null);
}

async function readAsked(request: IncomingMessage): Promise<Asked> {
  const body = await holdBody(request, { bytesMax: BODY_BYTES_MAX, takeRoom: () => true });
  const bytes = body.kind === "held" ? body.bytes : Buffer.alloc(0);
  return {
    method: request.method ?? "",
    path: redactPath(request.url ?? ""),
    body: await decodeBody(bytes, request.headers["content-encoding"], BODY_BYTES_MAX),
    subagentId: subagentIdOf(request.headers),
    lane: readLane(request.headers[LANE_HEADER]),
  };
}

function describe({ method, path, subagentId, lane, body }: Asked): string {
  const sender = subagentId === null ? "the main agent" : "a sub-agent";
  const whose = lane === null ? sender : `${sender} of ${lane.provider} in ${lane.window}`;
  return `${method} ${path} by ${whose} (${describeIdentity(identify(body, null))})`;
}

function atMost(say: (sentence: string) => void): (sentence: string) => void {
  let said = 0;
  return (sentence) => {
    said += 1;
    if (said <= DEPARTURES_SAID_MAX) say(sentence);
  };
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
  { chunks, lane }: RecordedExchange,
  folder: string | null,
): readonly TimedBytes[] {
  const timed = chunks.map(({ at_ms, bytes }) => ({ at_ms, bytes: Buffer.from(bytes, "base64") }));
  const from = lane?.folder ?? null;
  if (from === null || folder === null || from === folder) return timed;
  return movePaths(timed, { from, to: folder });
}
