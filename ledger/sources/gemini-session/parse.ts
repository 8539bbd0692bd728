import { z } from "zod";

import { parseJson } from "../../domain/parse-json.ts";
import { readTimestamp } from "../read-timestamp.ts";
import { isFields } from "../tokens/counters.ts";
import { countsOfGemini } from "../tokens/gemini.ts";
import { usageOfOpenai } from "../tokens/openai.ts";
import {
  badTime,
  jsonLines,
  problem,
  sayNotWhole,
  unknownUse,
  type UsageReading,
  type UsageSource,
} from "../usage-source.ts";

/** Older clients wrote a session as one JSON value, with all messages in a list. */
const MESSAGES = '"messages"';
const OLDER =
  "Expected a log with a JSON value in each line, got a session of an older client. Only a newer Gemini CLI writes logs that are read.";

const Tokens = z.int().nonnegative();

const Head = z.looseObject({ sessionId: z.string(), kind: z.string().optional() });

const Answer = z.looseObject({
  type: z.literal("gemini"),
  id: z.string(),
  timestamp: z.string(),
  model: z.string().optional(),
  tokens: z.unknown(),
});

/** The input contains cached tokens, and the output leaves thoughts out. */
const Counts = z.looseObject({
  input: Tokens,
  output: Tokens,
  cached: Tokens.optional(),
  thoughts: Tokens.optional(),
  tool: Tokens.optional(),
});

/**
 * A session log of Gemini CLI, in `~/.gemini/tmp/PROJECT/chats`. A sub-agent has a log of its own. An answer that
 * calls tools has a second line, with the same id and the same tokens.
 */
export const geminiSession: UsageSource = {
  name: "gemini-session",
  version: "1",
  provider: "gemini",
  names: ["*.jsonl"],
  marks: ['"sessionId"', '"tokens"', MESSAGES],
  open({ file }) {
    let head: z.infer<typeof Head> = { sessionId: file };
    const lines = jsonLines((value, number) => {
      head = Head.safeParse(value).data ?? head;
      return readAnswer(value, { number, head });
    });
    const line = (text: string, number: number) =>
      isOlder(text) ? [problem(number, "older-session", OLDER)] : lines.line(text, number);
    return { ...lines, line };
  },
};

/** Whether a line is of a session that is one JSON value, which may have many lines. */
function isOlder(text: string): boolean {
  if (!text.includes(MESSAGES)) return false;
  const value = parseJson(text);
  return value === undefined
    ? text.trimStart().startsWith(MESSAGES)
    : isFields(value) && Array.isArray(value["messages"]);
}

function readAnswer(
  value: unknown,
  { number, head }: { readonly number: number; readonly head: z.infer<typeof Head> },
): readonly UsageReading[] {
  const answer = Answer.safeParse(value).data;
  if (answer === undefined || (answer.tokens ?? undefined) === undefined) return [];
  const at = readTimestamp(answer.timestamp);
  if (at === undefined) return [badTime(number, answer.timestamp)];
  const counts = Counts.safeParse(answer.tokens).data;
  if (counts === undefined) {
    return [unknownUse(number, sayNotWhole("tokens", answer.tokens), { at })];
  }
  const { input: prompt, output: candidates, tool: tools, cached, thoughts } = counts;
  const said = countsOfGemini({ prompt, candidates, tools, cached, thoughts });
  const { usage, fault } = usageOfOpenai(said ?? {}, 1);
  if (usage === null) return [unknownUse(number, fault, { at })];
  const lane = head.kind === "subagent" ? "subagent" : "main";
  const event = { id: answer.id, at, lane, model: answer.model ?? null, usage } as const;
  return [{ kind: "event", session: head.sessionId, event }];
}
