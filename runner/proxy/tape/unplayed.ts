import { findDialect } from "../dialects/find-dialect.ts";
import { type Lane, laneName } from "./lane.ts";
import type { TapedExchange } from "./recorded-exchange.ts";
import { describeIdentity, identify, type RequestIdentity } from "./request-identity.ts";

/** What is asked of a recording. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** Decoded. */
  readonly body: Buffer;
  readonly subagentId: string | null;
  /** null: whoever asks gets whatever fits. */
  readonly lane: Lane | null;
}

/** The exchange that answers a request. */
export interface Taken {
  readonly exchange: TapedExchange;
  /** What the recorded request was, in words, where it was another than the one that is asked. */
  readonly recordedAs: string | null;
}

/** The exchanges of a recording that have not been played. */
export class Unplayed {
  readonly #left: TapedExchange[];
  readonly #identities: ReadonlyMap<TapedExchange, RequestIdentity>;
  /** The recorded agent that an agent of this session stands for, by its lane and its name. */
  readonly #roles = new Map<string | null, Map<string | null, string | null>>();

  constructor(tape: readonly TapedExchange[]) {
    this.#left = [...tape];
    this.#identities = new Map(
      tape.map((one) => [
        one,
        identify(Buffer.from(one.request_body, "base64"), one.lane?.folder ?? null),
      ]),
    );
  }

  /**
   * The exchange of the same sender that fits best: the same request, else one of the same path,
   * model and number of messages, with the same last one if there is such: what agents send differs
   * by dates and session names from run to run. Else the next one in the same language, which is
   * another request. A sub-agent's name is drawn anew in each run; it goes on as the recorded one
   * whose first request fitted its own.
   */
  take(asked: Asked): Taken | undefined {
    const identity = identify(asked.body, asked.lane?.folder ?? null);
    const own = this.#left.filter((one) => this.#mayBe(one, asked));
    const alike = own.filter((one) => one.path === asked.path && this.#isAlike(one, identity));
    const exchange =
      alike.find((one) => this.#identities.get(one)?.whole === identity.whole) ??
      alike.find((one) => this.#identities.get(one)?.lastWords === identity.lastWords) ??
      alike[0] ??
      own.find((one) => isInSameLanguage(one, asked));
    if (exchange === undefined) return undefined;
    this.#left.splice(this.#left.indexOf(exchange), 1);
    this.#rolesIn(asked.lane).set(asked.subagentId, exchange.subagent_id);
    return { exchange, recordedAs: alike.length > 0 ? null : this.#describe(exchange) };
  }

  /** The next exchange that was recorded where this is asked, in words; null: there is none left. */
  nextBeside({ lane }: Asked): string | null {
    const next = this.#left.find((one) => isIn(lane, one));
    return next === undefined ? null : `${next.name} (${this.#describe(next)})`;
  }

  #mayBe(one: TapedExchange, asked: Asked): boolean {
    return (
      one.method === asked.method &&
      one.is_subagent === (asked.subagentId !== null) &&
      isIn(asked.lane, one) &&
      this.#isRoleOf(one, asked)
    );
  }

  /** Whether it is of the recorded agent that this one stands for, or may from now on. */
  #isRoleOf({ subagent_id: recorded }: TapedExchange, { lane, subagentId }: Asked): boolean {
    const roles = this.#rolesIn(lane);
    if (roles.has(subagentId)) return roles.get(subagentId) === recorded;
    return recorded === null || ![...roles.values()].includes(recorded);
  }

  #rolesIn(lane: Lane | null): Map<string | null, string | null> {
    const roles = this.#roles.get(laneName(lane)) ?? new Map<string | null, string | null>();
    this.#roles.set(laneName(lane), roles);
    return roles;
  }

  #isAlike(one: TapedExchange, { model, messages }: RequestIdentity): boolean {
    const recorded = this.#identities.get(one);
    return recorded?.model === model && recorded.messages === messages;
  }

  #describe(one: TapedExchange): string {
    const identity = this.#identities.get(one);
    const what = identity === undefined ? "" : `: ${describeIdentity(identity)}`;
    return `${one.method} ${one.path}${what}`;
  }
}

function isIn(lane: Lane | null, one: TapedExchange): boolean {
  return lane === null || laneName(one.lane) === laneName(lane);
}

/** Whether the one's answer can be read by who asks for the other; of paths that nobody reads none is. */
function isInSameLanguage({ method, path }: TapedExchange, asked: Asked): boolean {
  const recorded = findDialect(method, pathOnly(path));
  const wanted = findDialect(asked.method, pathOnly(asked.path));
  return (
    wanted.dialect !== null && recorded.dialect === wanted.dialect && recorded.kind === wanted.kind
  );
}

function pathOnly(path: string): string {
  return path.split("?")[0] ?? "";
}
