import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { subagentIdOf } from "../client-ids.ts";
import { findDialect } from "../dialects/find-dialect.ts";
import { headerPairs, isHopByHop } from "../headers.ts";
import { holdBody } from "../hold-body.ts";
import { closeServer, listenOnLoopback } from "../listen-on-loopback.ts";
import { decodeBody } from "../metering/decode-bytes.ts";
import { giveAnswer, hardStop } from "../own-answer.ts";
import { movePaths, type TimedBytes } from "./move-paths.ts";
import {
  LANE_HEADER,
  readLane,
  type RecordedExchange,
  type StoredExchange,
} from "./recorded-exchange.ts";
import { redactPath } from "./redact.ts";
import { describeBody, type ReplayedRequest, Unplayed } from "./unplayed.ts";

/** A server that answers from a recording, in place of every upstream. */
export interface ReplayServer {
  readonly origin: string;
  /** Fires with the first request to a model that the recording has no answer for. */
  readonly ranOut: AbortSignal;
  stop(): Promise<void>;
}

interface ReplayOptions {
  /** `original` keeps the pauses of the recording, `zero` leaves them out. */
  readonly timing: "original" | "zero";
  /** Takes a sentence about each request that another exchange answers, or none. */
  readonly say: (sentence: string) => void;
}

const BODY_BYTES_MAX = 64 * 1024 * 1024;
/** More sentences say nothing new: this session differs from the recorded one. */
const SENTENCES_MAX = 50;

/** Plays a recording: every exchange once. */
export async function startReplay(
  recording: readonly StoredExchange[],
  { timing, say }: ReplayOptions,
): Promise<ReplayServer> {
  const ranOut = new AbortController();
  let said = 0;
  const player = {
    unplayed: new Unplayed(recording),
    timing,
    ranOut,
    say: (sentence: string) => {
      said += 1;
      if (said <= SENTENCES_MAX) say(sentence);
    },
  };
  const server = createServer((request, response) => {
    response.on("error", () => undefined);
    void answer(player, request, response);
  });
  const origin = await listenOnLoopback(server);
  return { origin, ranOut: ranOut.signal, stop: () => closeServer(server) };
}

interface Player extends ReplayOptions {
  readonly unplayed: Unplayed;
  readonly ranOut: AbortController;
}

async function answer(
  { unplayed, timing, ranOut, say }: Player,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = await readRequest(request);
  const taken = unplayed.take(asked);
  if (taken !== undefined) {
    const { exchange, recordedAs } = taken;
    if (recordedAs !== null) {
      const question = `${describe(asked)} is answered by ${exchange.name}`;
      say(`The recording differs: ${question}, which was recorded for ${recordedAs}.`);
    }
    return await play(exchange, response, { timing, folder: asked.lane?.folder ?? null });
  }
  const { dialect, kind } = findDialect(asked.method, asked.path.split("?")[0] ?? "");
  // Agents send other requests as well, and their number differs between runs.
  if (kind === "model" && !ranOut.signal.aborted) {
    const missing = `${describe(asked)}. Next in it: ${unplayed.nextBeside(asked) ?? "nothing"}`;
    say(`The recording has no answer to ${missing}.`);
    ranOut.abort();
  }
  giveAnswer(response, hardStop(dialect, "The recording has no answer. This run is over."), null);
}

async function readRequest(request: IncomingMessage): Promise<ReplayedRequest> {
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

function describe({ method, path, subagentId, lane, body }: ReplayedRequest): string {
  const sender = subagentId === null ? "the main agent" : "a sub-agent";
  const whose = lane === null ? sender : `${sender} of ${lane.provider} in ${lane.window}`;
  return `${method} ${path} by ${whose} (${describeBody(body)})`;
}

async function play(
  recorded: RecordedExchange,
  response: ServerResponse,
  { timing, folder }: Pick<ReplayOptions, "timing"> & { readonly folder: string | null },
): Promise<void> {
  const { status, response_headers, is_whole } = recorded;
  const chunks = chunksFor(recorded, folder);
  const headers = [...headerPairs(response_headers)].filter(
    ([name]) => !isHopByHop(name.toLowerCase(), ["content-length"]),
  );
  response.writeHead(status, headers.flat());
  let playedMs = 0;
  for (const { at_ms, bytes } of chunks) {
    if (timing === "original") await sleep(at_ms - playedMs);
    playedMs = at_ms;
    if (response.destroyed) return;
    response.write(bytes);
  }
  if (is_whole) response.end();
  else response.socket?.destroySoon();
}

/** The recorded bytes, with the agent's folder of now in place of the recorded one. */
function chunksFor(
  { chunks, lane }: RecordedExchange,
  folder: string | null,
): readonly TimedBytes[] {
  const timed = chunks.map(({ at_ms, bytes }) => ({ at_ms, bytes: Buffer.from(bytes, "base64") }));
  const from = lane?.folder ?? null;
  if (from === null || folder === null || from === folder) return timed;
  return movePaths(timed, { from, to: folder });
}
