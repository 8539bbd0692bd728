import { z } from "zod";

import { Lane } from "./lane.ts";

const Bytes = z.base64();

/** One request and its answer as they passed, without credentials and decoded. Bytes are in base64. */
export const RecordedExchange = z
  .looseObject({
    method: z.string(),
    /** As its client asked, without the attempt's key and any other. */
    path: z.string(),
    is_subagent: z.boolean(),
    /** As its client named it. */
    subagent_id: z.string().nullable().default(null),
    /** Whose request it was. */
    lane: Lane.nullable().default(null),
    model: z.string().nullable(),
    /** Names and values in turn. */
    request_headers: z.array(z.string()),
    request_body: Bytes,
    status: z.int(),
    response_headers: z.array(z.string()),
    /** The answer's pieces, each with the time from the request to it, ms. */
    chunks: z.array(z.looseObject({ at_ms: z.number().nonnegative(), bytes: Bytes })),
    /** Whether the answer came to its proper end. */
    is_whole: z.boolean(),
  })
  .readonly();
export type RecordedExchange = z.infer<typeof RecordedExchange>;

/** One that was read from a folder. */
export interface TapedExchange extends RecordedExchange {
  /** Its file's name, e.g. `000003.json`. */
  readonly name: string;
}
