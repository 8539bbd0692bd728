import { z } from "zod";

import { parseJson } from "../metering/json-value.ts";

/** The attempt of a request. A replay answers the requests of each lane in their recorded order. */
export const Lane = z.looseObject({
  window: z.string(),
  attempt: z.int().positive(),
  provider: z.string(),
  /** Contains the agent's own folders; null if the proxy does not know it. */
  folder: z.string().nullable().default(null),
});
export type Lane = z.infer<typeof Lane>;

/** The proxy sends this header to a replay only. */
export const LANE_HEADER = "x-experiment-lane";

export function writeLane({ window, attempt, provider, folder }: Lane): string {
  return JSON.stringify({ window, attempt, provider, folder });
}

/** Null for a request without a lane. */
export function readLane(header: string | string[] | undefined): Lane | null {
  return typeof header === "string" ? (Lane.safeParse(parseJson(header)).data ?? null) : null;
}

/** The same for every request of one attempt; null for an unknown attempt. */
export function laneName(lane: Lane | null): string | null {
  return lane && JSON.stringify([lane.window, lane.attempt, lane.provider]);
}

const Bytes = z.base64();

/** A request and its answer as they passed, without credentials and decoded. Bytes are in base64. */
export const RecordedExchange = z
  .looseObject({
    method: z.string(),
    /** As its client asked, without the attempt's key and any other key. */
    path: z.string(),
    is_subagent: z.boolean(),
    /** As its client named it. */
    subagent_id: z.string().nullable().default(null),
    lane: Lane.nullable().default(null),
    model: z.string().nullable(),
    /** Names and values in turn. */
    request_headers: z.array(z.string()),
    request_body: Bytes,
    status: z.int(),
    response_headers: z.array(z.string()),
    /** The answer's pieces, each with the time since the request, ms. */
    chunks: z.array(z.looseObject({ at_ms: z.number().nonnegative(), bytes: Bytes })),
    /** Whether the answer came to its proper end. */
    is_whole: z.boolean(),
  })
  .readonly();
export type RecordedExchange = z.infer<typeof RecordedExchange>;

/** An exchange that was read from a folder. */
export interface StoredExchange extends RecordedExchange {
  /** Its file's name, e.g. `000003.json`. */
  readonly name: string;
}
