import { createHash } from "node:crypto";

import { findDialect } from "../dialects/find-dialect.ts";
import { parseJson } from "../metering/json-value.ts";
import { type Lane, laneName, type StoredExchange } from "./recorded-exchange.ts";

/** A request to a replay. */
export interface ReplayedRequest {
  readonly method: string;
  readonly path: string;
  /** Decoded. */
  readonly body: Buffer;
  readonly subagentId: string | null;
  /** Null if an exchange of any lane may answer. */
  readonly lane: Lane | null;
}

/** The exchange that answers a request. */
interface Taken {
  readonly exchange: StoredExchange;
  /** The recorded request in words, if it differs from this one. */
  readonly recordedAs: string | null;
}

/** The facts that identify a request although dates, folders and session names differ. */
interface RequestIdentity {
  /** Null if the body names none. */
  readonly model: string | null;
  /** The number of messages or input items; null if the body has no list of them. */
  readonly messages: number | null;
  /** Hex digest of the last message. */
  readonly lastMessage: string;
  /** Hex digest of the whole body. */
  readonly whole: string;
}

interface Candidate {
  readonly exchange: StoredExchange;
  readonly identity: RequestIdentity;
}

/** The exchanges of a recording that have not been played. */
export class Unplayed {
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
   * differ between runs; else the next exchange of the same dialect, which is another request. A
   * sub-agent has a new name in each run. It stands for the recorded one whose first request fitted.
   */
  take(asked: ReplayedRequest): Taken | undefined {
    const { model, messages, whole, lastMessage } = identify(
      asked.body,
      asked.lane?.folder ?? null,
    );
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
    return { exchange: found.exchange, recordedAs: alike.length > 0 ? null : describe(found) };
  }

  /** The next recorded exchange of the same lane, in words; null if none is left. */
  nextBeside({ lane }: ReplayedRequest): string | null {
    const next = this.#left.find(({ exchange }) => isIn(lane, exchange));
    return next === undefined ? null : `${next.exchange.name} (${describe(next)})`;
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

function describe({ exchange: { method, path }, identity }: Candidate): string {
  return `${method} ${path}: ${describeIdentity(identity)}`;
}

/** A request in words: its model and the number of its messages. */
export function describeBody(body: Buffer): string {
  return describeIdentity(identify(body, null));
}

function describeIdentity({ model, messages }: RequestIdentity): string {
  const count = messages === 1 ? "1 message" : `${String(messages ?? "no")} messages`;
  return `${model ?? "no model"}, ${count}`;
}

/** Stands for the folder of an agent, which differs between runs. */
const ANY_FOLDER = "<folder>";

function identify(body: Buffer, folder: string | null): RequestIdentity {
  const raw = body.toString();
  const text = folder === null ? raw : raw.replaceAll(folder, ANY_FOLDER);
  const { model, messages, input }: Record<string, unknown> = Object(parseJson(text));
  const list = messages ?? input;
  return {
    model: typeof model === "string" ? model : null,
    messages: Array.isArray(list) ? list.length : null,
    lastMessage: digest(JSON.stringify(Array.isArray(list) ? list.at(-1) : list) ?? ""),
    whole: digest(text),
  };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
