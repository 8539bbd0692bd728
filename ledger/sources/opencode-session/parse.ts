import { z } from "zod";

import { timestampOf } from "../../domain/timestamp.ts";
import type { IngestedEvent } from "../../domain/usage-ingested.ts";
import { usageOfClaudeCounts } from "../tokens/claude.ts";
import {
  jsonLines,
  sayNotWhole,
  unknownUse,
  type UsageReading,
  type UsageSource,
} from "../usage-source.ts";

const Tokens = z.int().nonnegative();

/** A row of the table `message`, with the session that its session is a sub-agent of. */
const Row = z.looseObject({
  id: z.string(),
  session_id: z.string(),
  parent_id: z.string().nullable(),
  data: z.looseObject({
    role: z.literal("assistant"),
    modelID: z.string().optional(),
    cost: z.number().nonnegative().optional(),
    time: z.looseObject({ created: z.int().nonnegative() }),
    tokens: z.unknown(),
  }),
});

/** The input leaves cached tokens out, and the output leaves reasoning out. */
const Counts = z.looseObject({
  input: Tokens,
  output: Tokens,
  reasoning: Tokens.default(0),
  cache: z.looseObject({ read: Tokens, write: Tokens }).default({ read: 0, write: 0 }),
});

/**
 * The messages of opencode, which are in a database, `~/.local/share/opencode/opencode.db`: a line of JSON each. The
 * requests for titles are not among them. A fork has copies of messages under new ids, which follow their originals.
 */
export const opencodeSession: UsageSource = {
  name: "opencode-session",
  version: "1",
  provider: "opencode",
  names: ["opencode*.db"],
  open() {
    const read = new Set<string>();
    return jsonLines((value, number) => {
      const readings = readMessage(value, number);
      return readings.filter((reading) => reading.kind !== "event" || isNew(reading.event, read));
    });
  },
};

/** A copy keeps its time, its model and its counts. */
function isNew({ at, model, usage }: IngestedEvent, read: Set<string>): boolean {
  const message = JSON.stringify([at, model, usage]);
  if (read.has(message)) return false;
  read.add(message);
  return true;
}

function readMessage(value: unknown, number: number): readonly UsageReading[] {
  const row = Row.safeParse(value).data;
  if (row === undefined || (row.data.tokens ?? undefined) === undefined) return [];
  const { modelID: model = null, cost = 0, tokens, time } = row.data;
  const at = timestampOf(time.created);
  const counts = Counts.safeParse(tokens).data;
  if (counts === undefined) return [unknownUse(number, sayNotWhole("tokens", tokens), { at })];
  const { input, output, reasoning, cache } = counts;
  // An answer that failed states zeros.
  if (input + output + cache.read + cache.write === 0) return [];
  const { read, write: written } = cache;
  const said = { input, read, written, output: output + reasoning, reasoning };
  const event = {
    id: row.id,
    at,
    lane: row.parent_id === null ? "main" : "subagent",
    model,
    usage: usageOfClaudeCounts(said, 1),
    // A model that its list lacks costs nothing there.
    ...(cost === 0 ? {} : { cost_usd: cost }),
  } as const;
  return [{ kind: "event", session: row.session_id, event }];
}
