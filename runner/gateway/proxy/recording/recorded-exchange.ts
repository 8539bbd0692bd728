import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { UsageError } from "../../../../ledger/domain/errors.ts";
import { parseJson } from "../../../platform/json/json-value.ts";

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

/** A folder has no recording, or a damaged one. */
class UnreadableRecordingError extends UsageError {}

/** A folder's recorded exchanges, in the order in which the proxy sent them. */
export function readRecording(folder: string): readonly StoredExchange[] {
  const names = list(folder).filter((name) => /^\d{6,}\.json$/.test(name));
  if (names.length === 0) {
    throw new UnreadableRecordingError(
      `${folder}: expected a folder of recorded exchanges, found none. Make one with --record.`,
    );
  }
  return names.toSorted().map((name) => ({ ...readOne(path.join(folder, name)), name }));
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readOne(file: string): RecordedExchange {
  const recorded = RecordedExchange.safeParse(parseJson(readFileSync(file, "utf8")));
  if (recorded.success) return recorded.data;
  throw new UnreadableRecordingError(
    `${file}: expected a recorded exchange. Leave it out, or record again.`,
  );
}
