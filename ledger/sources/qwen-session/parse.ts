import { z } from "zod";

import { readTimestamp } from "../read-timestamp.ts";
import { usageOfOpenai } from "../tokens/openai.ts";
import {
  badTime,
  jsonLines,
  sayNotWhole,
  unknownUse,
  type UsageReading,
  type UsageSource,
} from "../usage-source.ts";

const Tokens = z.int().nonnegative();

const RESPONSE = "qwen-code.api_response";

const Line = z.looseObject({
  uuid: z.string(),
  sessionId: z.string(),
  timestamp: z.string(),
  systemPayload: z.looseObject({
    uiEvent: z.looseObject({
      "event.name": z.literal(RESPONSE),
      model: z.string().optional(),
      subagent_id: z.string().optional(),
    }),
  }),
});

/** The input contains cached tokens and, not told apart, cache writes. The output contains thoughts. */
const Counts = z.looseObject({
  input_token_count: Tokens,
  output_token_count: Tokens,
  cached_content_token_count: Tokens.optional(),
  thoughts_token_count: Tokens.optional(),
});

/**
 * A session log of Qwen Code, in `~/.qwen/projects/PROJECT/chats`. It has an event for each answer of a model, also
 * for those to sub-agents and to questions of its own. The logs of sub-agents repeat their answers, without these events.
 */
export const qwenSession: UsageSource = {
  name: "qwen-session",
  version: "1",
  provider: "qwen",
  names: ["*.jsonl"],
  marks: [`"${RESPONSE}"`],
  open: () => jsonLines(readResponse),
};

function readResponse(value: unknown, number: number): readonly UsageReading[] {
  const line = Line.safeParse(value).data;
  if (line === undefined) return [];
  const { uuid: id, sessionId: session, timestamp, systemPayload } = line;
  const { uiEvent: said } = systemPayload;
  const at = readTimestamp(timestamp);
  if (at === undefined) return [badTime(number, timestamp)];
  const counts = Counts.safeParse(said).data;
  if (counts === undefined) return [unknownUse(number, sayNotWhole(RESPONSE, said), { at })];
  const { usage, fault } = usageOfOpenai(
    {
      input: counts.input_token_count,
      read: counts.cached_content_token_count,
      output: counts.output_token_count,
      reasoning: counts.thoughts_token_count,
    },
    1,
  );
  if (usage === null) return [unknownUse(number, fault, { at })];
  const lane = said.subagent_id === undefined ? "main" : "subagent";
  return [{ kind: "event", session, event: { id, at, lane, model: said.model ?? null, usage } }];
}
