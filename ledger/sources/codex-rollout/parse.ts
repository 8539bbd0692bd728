import { z } from "zod";

import { parseJson } from "../../domain/parse-json.ts";
import type { Timestamp } from "../../domain/timestamp.ts";
import type { Lane } from "../../domain/usage-ingested.ts";
import { readTimestamp } from "../read-timestamp.ts";
import { CodexTokens, growthOf, isNothing, printTokens, usageOfCodex } from "../tokens/codex.ts";
import {
  badTime,
  problem,
  sayNotWhole,
  unknownUse,
  type ReadContext,
  type UsageReader,
  type UsageReading,
  type UsageSource,
} from "../usage-source.ts";

const Line = z.looseObject({
  timestamp: z.string(),
  type: z.string(),
  payload: z.looseObject({ type: z.string().optional() }),
});

const SessionMeta = z.looseObject({
  id: z.string(),
  timestamp: z.string().optional(),
  forked_from_id: z.string().nullish(),
  parent_thread_id: z.string().nullish(),
  source: z.unknown().optional(),
});

const SubagentSource = z.looseObject({
  subagent: z.looseObject({
    thread_spawn: z.looseObject({ parent_thread_id: z.string() }).optional(),
  }),
});

const TurnContext = z.looseObject({ model: z.string() });

const TokenCount = z.looseObject({
  type: z.literal("token_count"),
  info: z
    .looseObject({ total_token_usage: CodexTokens, last_token_usage: CodexTokens.optional() })
    .nullish(),
});

type TokenInfo = NonNullable<z.infer<typeof TokenCount>["info"]>;

/** The record of current clients: the tokens of one answer. */
const TokenRecord = z.looseObject({
  thread_id: z.string(),
  response_id: z.string(),
  usage: CodexTokens,
});

/**
 * A session log of Codex, in `~/.codex/sessions`. Current clients write a record for each answer. Earlier ones
 * repeat a cumulative count, so that its growth counts: an unchanged count is not an event, and a count that has
 * fallen starts again. A fork or a sub-agent's log may begin with its parent's counts, which are not its own.
 */
export const codexRollout: UsageSource = {
  name: "codex-rollout",
  version: "3",
  provider: "codex",
  names: ["rollout-*.jsonl"],
  marks: ['"session_meta"', '"turn_context"', '"token_count"', '"token_usage_record"'],
  open: (context) => new RolloutReader(context),
};

class RolloutReader implements UsageReader {
  #session: string;
  /** The session whose counts the log continues: its own, or that of its parent. */
  #root: string;
  #lane: Lane = "main";
  #startedAt: Timestamp | undefined;
  #isContinued = false;
  #hasMeta = false;
  #hasRecords = false;
  #model: string | null = null;
  #total: CodexTokens | undefined;
  /** How often the count has started again. It may reach the same numbers once more. */
  #falls = 0;

  constructor({ file }: ReadContext) {
    this.#session = file;
    this.#root = file;
  }

  line(text: string, number: number): readonly UsageReading[] {
    const value = parseJson(text);
    if (value === undefined) return [problem(number, "not-json", "Expected a line of JSON.")];
    const line = Line.safeParse(value);
    if (!line.success) return [];
    const { type, payload, timestamp } = line.data;
    if (type === "session_meta") return this.#begin(payload);
    if (type === "turn_context") {
      this.#model = TurnContext.safeParse(payload).data?.model ?? this.#model;
      return [];
    }
    const isCount = type === "event_msg" && payload.type === "token_count";
    if (type !== "token_usage_record" && !isCount) return [];
    const at = readTimestamp(timestamp);
    if (at === undefined) return [badTime(number, timestamp)];
    return isCount ? this.#count(payload, number, at) : this.#record(payload, number, at);
  }

  end(): readonly UsageReading[] {
    return [];
  }

  #begin(payload: unknown): readonly UsageReading[] {
    const { data: meta } = SessionMeta.safeParse(payload);
    if (meta === undefined) return [];
    if (this.#hasMeta) {
      // A second one is the parent's, whose counts the log repeats.
      this.#root = meta.id;
      return [];
    }
    const spawned = SubagentSource.safeParse(meta.source).data?.subagent;
    const parent =
      meta.forked_from_id ?? meta.parent_thread_id ?? spawned?.thread_spawn?.parent_thread_id;
    this.#hasMeta = true;
    this.#session = meta.id;
    this.#root = meta.forked_from_id ?? meta.id;
    this.#lane = spawned === undefined ? "main" : "subagent";
    this.#isContinued = parent !== undefined && parent !== null;
    this.#startedAt = readTimestamp(meta.timestamp);
    return [];
  }

  #record(payload: unknown, number: number, at: Timestamp): readonly UsageReading[] {
    const record = TokenRecord.safeParse(payload);
    if (!record.success) {
      return [unknownUse(number, sayNotWhole("a record with a response id", payload), { at })];
    }
    this.#hasRecords = true;
    const { thread_id: thread, response_id: response, usage } = record.data;
    return [this.#event(`${thread}:${response}`, { number, at }, usage)];
  }

  #count(payload: unknown, number: number, at: Timestamp): readonly UsageReading[] {
    // They repeat what the records say.
    if (this.#hasRecords) return [];
    const count = TokenCount.safeParse(payload);
    if (!count.success) {
      return [unknownUse(number, sayNotWhole("total_token_usage", payload), { at })];
    }
    const { info } = count.data;
    return info === null || info === undefined ? [] : this.#goOn(info, { number, at });
  }

  #goOn(info: TokenInfo, place: LinePlace): readonly UsageReading[] {
    const { total_token_usage: total, last_token_usage: last } = info;
    // The log of a fork begins with lines that are older than it.
    const isOfParent =
      this.#isContinued && this.#startedAt !== undefined && place.at < this.#startedAt;
    const { fault } = usageOfCodex(total, 0);
    if (fault !== undefined) return isOfParent ? [] : [unknownUse(place.number, fault, place)];
    const before = this.#total;
    this.#total = total;
    if (before !== undefined && growthOf(total, before) === null) this.#falls += 1;
    if (isOfParent) return [];
    const grown = this.#growth(total, before, last);
    const part = this.#falls === 0 ? "" : `${String(this.#falls)}:`;
    const id = `${this.#root}:${part}${printTokens(total)}`;
    return isNothing(grown) ? [] : [this.#event(id, place, grown)];
  }

  #growth(total: CodexTokens, before: CodexTokens | undefined, last: CodexTokens | undefined) {
    // A fork may continue its parent's count. Only the last turn is its own.
    if (before === undefined) return this.#isContinued && last !== undefined ? last : total;
    return growthOf(total, before) ?? last ?? total;
  }

  #event(id: string, { number, at }: LinePlace, tokens: CodexTokens): UsageReading {
    const { usage, fault } = usageOfCodex(tokens, 1);
    if (usage === null) return unknownUse(number, fault, { at });
    const event = { id, at, lane: this.#lane, model: this.#model, usage };
    return { kind: "event", session: this.#session, event };
  }
}

interface LinePlace {
  readonly number: number;
  readonly at: Timestamp;
}
