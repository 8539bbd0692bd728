import { z } from "zod";

import { readTimestamp } from "../read-timestamp.ts";
import { usageOfClaudeCounts } from "../tokens/claude.ts";
import {
  badTime,
  jsonLines,
  sayNotWhole,
  unknownUse,
  type UsageReading,
  type UsageSource,
} from "../usage-source.ts";

const Tokens = z.int().nonnegative();

const Head = z.looseObject({ type: z.literal("session"), id: z.string() });

const Message = z.looseObject({
  type: z.literal("message"),
  id: z.string(),
  timestamp: z.string(),
  message: z.looseObject({
    role: z.literal("assistant"),
    model: z.string().optional(),
    usage: z.unknown(),
  }),
});

/** The input leaves cached tokens out, the output contains reasoning, and the writes contain those of an hour. */
const Counts = z.looseObject({
  input: Tokens,
  output: Tokens,
  cacheRead: Tokens.optional(),
  cacheWrite: Tokens.optional(),
  cacheWrite1h: Tokens.optional(),
  reasoning: Tokens.optional(),
  cost: z.looseObject({ total: z.number().nonnegative() }).optional(),
});
type Counts = z.infer<typeof Counts>;

/** A session log of pi, in `~/.pi/agent/sessions`. A fork repeats its parent's lines, with their ids and times. */
export const piSession: UsageSource = {
  name: "pi-session",
  version: "1",
  provider: "pi",
  names: ["*.jsonl"],
  marks: ['"session"', '"usage"'],
  open({ file }) {
    let session = file;
    return jsonLines((value, number) => {
      session = Head.safeParse(value).data?.id ?? session;
      return readMessage(value, { number, session });
    });
  },
};

function readMessage(
  value: unknown,
  { number, session }: { readonly number: number; readonly session: string },
): readonly UsageReading[] {
  const line = Message.safeParse(value).data;
  if (line === undefined || (line.message.usage ?? undefined) === undefined) return [];
  const { model = null, usage } = line.message;
  const at = readTimestamp(line.timestamp);
  if (at === undefined) return [badTime(number, line.timestamp)];
  const counts = Counts.safeParse(usage).data;
  if (counts === undefined)
    return [unknownUse(number, sayNotWhole("message.usage", usage), { at })];
  if (isNothing(counts)) return [];
  const { cacheRead: read, cacheWrite: written, cacheWrite1h: written1h, cost } = counts;
  const { input, output, reasoning } = counts;
  const said = { input, read, written, written1h, output, reasoning };
  const event = {
    id: `${at}:${line.id}`,
    at,
    lane: "main",
    model,
    usage: usageOfClaudeCounts(said, 1),
    // A model that its list lacks costs nothing there.
    ...(cost === undefined || cost.total === 0 ? {} : { cost_usd: cost.total }),
  } as const;
  return [{ kind: "event", session, event }];
}

/** An answer that failed states zeros. */
function isNothing({ input, output, cacheRead = 0, cacheWrite = 0 }: Counts): boolean {
  return input + output + cacheRead + cacheWrite === 0;
}
