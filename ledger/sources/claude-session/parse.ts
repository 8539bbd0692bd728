import { z } from "zod";

import { parseJson } from "../../domain/parse-json.ts";
import { ClaudeUsage, usageOfClaude } from "../claude-tokens.ts";
import { readTimestamp } from "../read-timestamp.ts";
import { problem, type UsageReading, type UsageSource } from "../usage-source.ts";

const Line = z.looseObject({
  type: z.string().optional(),
  timestamp: z.string().optional(),
  sessionId: z.string().optional(),
  isSidechain: z.boolean().optional(),
  isApiErrorMessage: z.boolean().optional(),
  message: z
    .looseObject({
      role: z.string().optional(),
      id: z.string().optional(),
      model: z.string().nullish(),
      usage: z.unknown(),
    })
    .optional(),
});

/** The model of messages that the client made up itself. */
const SYNTHETIC = "<synthetic>";

/**
 * Claude Code's session log, `~/.claude/projects/**\u200B/*.jsonl`. A message has a line for each block of its
 * content, and older clients write first guesses: of all its lines, the one with the largest output counts.
 */
export const claudeSession: UsageSource = {
  name: "claude-session",
  version: "1",
  provider: "claude",
  pattern: "**/*.jsonl",
  marks: ['"usage":{', '"usage": {'],
  open: ({ file }) => ({
    line: (text, number) => readLine(text, number, file),
    end: () => [],
  }),
};

function readLine(text: string, number: number, file: string): readonly UsageReading[] {
  const value = parseJson(text);
  if (value === undefined) return [problem(number, "not-json", "Expected a line of JSON.")];
  const line = readAnswer(value);
  if (line === undefined) return [];
  const { message } = line;
  const usage = ClaudeUsage.safeParse(message.usage);
  if (!usage.success) {
    return [problem(number, "bad-usage", "Expected whole numbers of tokens in message.usage.")];
  }
  if (message.id === undefined) {
    return [problem(number, "no-id", "Expected message.id, by which repeated lines are known.")];
  }
  const at = readTimestamp(line.timestamp);
  if (at === undefined) {
    const got = JSON.stringify(line.timestamp);
    return [problem(number, "bad-time", `Expected a timestamp, got ${got}.`)];
  }
  return [
    {
      kind: "event",
      session: line.sessionId ?? file,
      event: {
        id: message.id,
        at,
        lane: line.isSidechain === true ? "subagent" : "main",
        model: message.model ?? null,
        usage: usageOfClaude(usage.data),
      },
    },
  ];
}

/** A line with an answer of a model; undefined for every other line. */
function readAnswer(value: unknown) {
  const { data: line } = Line.safeParse(value);
  const message = line?.message;
  if (line === undefined || message?.usage === undefined) return undefined;
  const { type = message.role } = line;
  const isMadeUp = message.model === SYNTHETIC || line.isApiErrorMessage === true;
  return type === "assistant" && !isMadeUp ? { ...line, message } : undefined;
}
