import { isSameLane, type Lane } from "./lane.ts";
import { bodyDigest, type RecordedExchange } from "./recorded-exchange.ts";

/** What is asked of a recording. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
  readonly subagentId: string | null;
  /** null: whoever asks gets whatever fits. */
  readonly lane: Lane | null;
}

/** The exchanges of a recording that have not been played. */
export class Unplayed {
  readonly #left: RecordedExchange[];
  readonly #digests = new Map<RecordedExchange, string>();
  /** The recorded sub-agent that a sub-agent of this session stands for, by its lane and name. */
  readonly #roles = new Map<string, string | null>();

  constructor(tape: readonly RecordedExchange[]) {
    this.#left = [...tape];
    for (const one of tape) {
      this.#digests.set(one, bodyDigest(Buffer.from(one.request_body, "base64")));
    }
  }

  /**
   * The same request's exchange, else the next one of the same lane, path and sender: what agents
   * send differs by dates, folders and session names from run to run. A sub-agent's name is drawn
   * anew in each run; it goes on as the recorded one whose first request fitted its own.
   */
  take(asked: Asked): RecordedExchange | undefined {
    const digest = bodyDigest(asked.body);
    const role = this.#roles.get(senderOf(asked));
    const fits = (one: RecordedExchange): boolean =>
      isSame(one, asked) && (role === undefined || one.subagent_id === role);
    const exact = this.#left.findIndex((one) => fits(one) && this.#digests.get(one) === digest);
    const index = exact === -1 ? this.#left.findIndex(fits) : exact;
    const [found] = index === -1 ? [] : this.#left.splice(index, 1);
    if (found !== undefined) this.#roles.set(senderOf(asked), found.subagent_id);
    return found;
  }
}

function isSame(one: RecordedExchange, { method, path, subagentId, lane }: Asked): boolean {
  return (
    one.method === method &&
    one.path === path &&
    one.is_subagent === (subagentId !== null) &&
    (lane === null || isSameLane(one.lane, lane))
  );
}

function senderOf({ subagentId, lane }: Asked): string {
  return JSON.stringify([lane, subagentId]);
}
