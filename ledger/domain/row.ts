import { z } from "zod";

import { Timestamp } from "./timestamp.ts";

/**
 * How a row came to be: an operator's shorthand, a foreign file, the runner, or a value that an
 * operator typed.
 */
export const RowSource = z.enum(["alias", "ingest", "automation", "override"]);
export type RowSource = z.infer<typeof RowSource>;

/** One line of a ledger file as it is read back. Unknown fields survive. */
export const Row = z
  .looseObject({
    _v: z.literal(1),
    seq: z.int().positive(),
    prev: z.string(),
    id: z.string().min(1),
    record: z.string().min(1),
    schema_version: z.string(),
    tool_version: z.string(),
    source: RowSource,
    agent_id: z.string().min(1),
    recorded_at: Timestamp,
    supersedes: z.string().optional(),
    h: z.string(),
  })
  .readonly();
export type Row = z.infer<typeof Row>;

/** The envelope's own keys; a payload never uses them. */
export const ENVELOPE_KEYS = Row.unwrap().keyof().exclude(["supersedes"]).options;

/** What a caller hands to the store: a record's name and payload; the store stamps the rest. */
export interface NewRow {
  readonly record: string;
  /** UUIDv7 made by the caller before the first try, so that a retry is recognised. */
  readonly id?: string;
  readonly source?: RowSource;
  /** Version of the payload; by default the version that this program writes. */
  readonly schema_version?: string;
  /** The agent that the row is about; by default the store's own. */
  readonly agent_id?: string;
  readonly supersedes?: string;
  readonly [field: string]: unknown;
}
