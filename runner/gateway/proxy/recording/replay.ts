import { createHash } from "node:crypto";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { headerPairs } from "../../../platform/http/header-pairs.ts";
import { holdBody } from "../../../platform/http/hold-body.ts";
import { closeServer, listenOnLoopback } from "../../../platform/http/listen-on-loopback.ts";
import { parseJson } from "../../../platform/json/json-value.ts";
import { redactPath } from "../../../platform/redaction/redact.ts";
import { subagentIdOf } from "../client-ids.ts";
import { findDialect } from "../dialects/find-dialect.ts";
import { isHopByHop } from "../headers.ts";
import { decodeBody } from "../metering/decode-bytes.ts";
import { giveAnswer, hardStop } from "../own-answer.ts";
import { type TimedBytes, movePaths } from "./move-paths.ts";
import {
  LANE_HEADER,
  type Lane,
  type RecordedExchange,
  type StoredExchange,
  laneName,
  readLane,
} from "./recorded-exchange.ts";

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
  const { dialect, kind } = findDialect(asked.method, pathOnly(asked.path));
  // Agents send other requests as well, and their number differs between runs.
  if (kind === "model" && !ranOut.signal.aborted) {
    const missing = `${describe(asked)}. Next in it: ${unplayed.nextBeside(asked) ?? "nothing"}`;
    say(`The recording has no answer to ${missing}.`);
    ranOut.abort();
  }
  giveAnswer(response, hardStop(dialect, "The recording has no answer. This run is over."), null);
}

async function readRequest(request: IncomingMessage): Promise<ReplayedRequest> {
  const body = await holdBody(request, BODY_BYTES_MAX, () => true);
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
  return `${method} ${path} by ${whose} (${describeIdentity(identify(body, null))})`;
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
function chunksFor({ chunks, lane }: RecordedExchange, to: string | null): readonly TimedBytes[] {
  const timed = chunks.map(({ at_ms, bytes }) => ({ at_ms, bytes: Buffer.from(bytes, "base64") }));
  const from = lane?.folder ?? null;
  return from === null || to === null || from === to ? timed : movePaths(timed, { from, to });
}

/** A request to a replay. */
interface ReplayedRequest {
  readonly method: string;
  readonly path: string;
  /** Decoded. */
  readonly body: Buffer;
  readonly subagentId: string | null;
  /** Null if an exchange of any lane may answer. */
  readonly lane: Lane | null;
}

interface Candidate {
  readonly exchange: StoredExchange;
  readonly identity: ReturnType<typeof identify>;
}

/** The exchanges of a recording that have not been played. */
class Unplayed {
  readonly #left: Candidate[];
  /** By lane: the recorded agent that each agent of this session stands for. */
  readonly #roles = new Map<string | null, Map<string | null, string | null>>();

  constructor(recording: readonly StoredExchange[]) {
    this.#left = recording.map((exchange) => {
      const body = Buffer.from(exchange.request_body, "base64");
      return { exchange, identity: identify(body, exchange.lane?.folder ?? null) };
    });
  }

  /**
   * Takes the best exchange of the same sender: the same request; else one of the same path, model
   * and number of messages, if possible with the same last message, because dates and session names
   * differ between runs; else the next exchange of the same dialect. That is another request, which
   * `recordedAs` says in words. A sub-agent has a new name in each run. It stands for the recorded
   * one whose first request fitted.
   */
  take(asked: ReplayedRequest) {
    const folder = asked.lane?.folder ?? null;
    const { model, messages, whole, lastMessage } = identify(asked.body, folder);
    const own = this.#left.filter(({ exchange }) => this.#mayAnswer(exchange, asked));
    const alike = own.filter(
      ({ exchange, identity }) =>
        exchange.path === asked.path && identity.model === model && identity.messages === messages,
    );
    const found =
      alike.find(({ identity }) => identity.whole === whole) ??
      alike.find(({ identity }) => identity.lastMessage === lastMessage) ??
      alike[0] ??
      own.find(({ exchange }) => isSameDialect(exchange, asked));
    if (found === undefined) return undefined;
    this.#left.splice(this.#left.indexOf(found), 1);
    this.#rolesIn(asked.lane).set(asked.subagentId, found.exchange.subagent_id);
    return {
      exchange: found.exchange,
      recordedAs: alike.length > 0 ? null : describeRecorded(found),
    };
  }

  /** The next recorded exchange of the same lane, in words; null if none is left. */
  nextBeside({ lane }: ReplayedRequest): string | null {
    const next = this.#left.find(({ exchange }) => isIn(lane, exchange));
    return next === undefined ? null : `${next.exchange.name} (${describeRecorded(next)})`;
  }

  #mayAnswer(exchange: StoredExchange, asked: ReplayedRequest): boolean {
    return (
      exchange.method === asked.method &&
      exchange.is_subagent === (asked.subagentId !== null) &&
      isIn(asked.lane, exchange) &&
      this.#isRoleOf(exchange, asked)
    );
  }

  /** Whether the exchange is of the recorded agent that this agent stands for, or may from now on. */
  #isRoleOf({ subagent_id: recorded }: StoredExchange, asked: ReplayedRequest): boolean {
    const roles = this.#rolesIn(asked.lane);
    if (roles.has(asked.subagentId)) return roles.get(asked.subagentId) === recorded;
    return recorded === null || ![...roles.values()].includes(recorded);
  }

  #rolesIn(lane: Lane | null): Map<string | null, string | null> {
    const roles = this.#roles.get(laneName(lane)) ?? new Map<string | null, string | null>();
    this.#roles.set(laneName(lane), roles);
    return roles;
  }
}

function isIn(lane: Lane | null, exchange: StoredExchange): boolean {
  return lane === null || laneName(exchange.lane) === laneName(lane);
}

/** Whether the client can read the recorded answer. Requests of no dialect never match. */
function isSameDialect(exchange: StoredExchange, asked: ReplayedRequest): boolean {
  const recorded = findDialect(exchange.method, pathOnly(exchange.path));
  const wanted = findDialect(asked.method, pathOnly(asked.path));
  return (
    wanted.dialect !== null && recorded.dialect === wanted.dialect && recorded.kind === wanted.kind
  );
}

function pathOnly(path: string): string {
  return path.split("?")[0] ?? "";
}

function describeRecorded({ exchange: { method, path }, identity }: Candidate): string {
  return `${method} ${path}: ${describeIdentity(identity)}`;
}

/** A request in words: its model and the number of its messages. */
function describeIdentity({ model, messages }: Candidate["identity"]): string {
  const count = messages === 1 ? "1 message" : `${String(messages ?? "no")} messages`;
  return `${model ?? "no model"}, ${count}`;
}

/** Stands for the folder of an agent, which differs between runs. */
const ANY_FOLDER = "<folder>";

/** The facts that identify a request although dates, folders and session names differ. */
function identify(body: Buffer, folder: string | null) {
  const raw = body.toString();
  const text = folder === null ? raw : raw.replaceAll(folder, ANY_FOLDER);
  const { model, messages, input }: Record<string, unknown> = Object(parseJson(text));
  const list = messages ?? input;
  return {
    model: typeof model === "string" ? model : null,
    /** Null if the body has no list of messages or input items. */
    messages: Array.isArray(list) ? list.length : null,
    /** Hex digests. */
    lastMessage: digest(JSON.stringify(Array.isArray(list) ? list.at(-1) : list) ?? ""),
    whole: digest(text),
  };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
