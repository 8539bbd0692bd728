import { parseJson } from "../../domain/parse-json.ts";
import { isFields, readClaudeUsage } from "../claude-tokens.ts";
import { readTimestamp } from "../read-timestamp.ts";
import { problem, type UsageReading, type UsageSource } from "../usage-source.ts";

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
  const answer = readAnswer(value);
  if (answer === undefined) return [];
  const { line, message } = answer;
  const usage = readClaudeUsage(message["usage"]);
  if (usage === undefined) {
    return [problem(number, "bad-usage", "Expected whole numbers of tokens in message.usage.")];
  }
  const { id, model } = message;
  if (typeof id !== "string") {
    return [problem(number, "no-id", "Expected message.id, by which repeated lines are known.")];
  }
  const { timestamp, sessionId } = line;
  const at = typeof timestamp === "string" ? readTimestamp(timestamp) : undefined;
  if (at === undefined) {
    const got = JSON.stringify(timestamp);
    return [problem(number, "bad-time", `Expected a timestamp, got ${got}.`)];
  }
  const lane = line["isSidechain"] === true ? "subagent" : "main";
  const event = { id, at, lane, model: typeof model === "string" ? model : null, usage } as const;
  return [{ kind: "event", session: typeof sessionId === "string" ? sessionId : file, event }];
}

/**
 * A line with an answer of a model; undefined for every other line. Logs have hundreds of thousands of lines,
 * and a schema would take longer than all the rest.
 */
function readAnswer(line: unknown) {
  const message = isFields(line) ? line["message"] : undefined;
  if (!isFields(line) || !isFields(message) || message["usage"] === undefined) return undefined;
  const type = line["type"] ?? message["role"];
  const isMadeUp = message["model"] === SYNTHETIC || line["isApiErrorMessage"] === true;
  return type === "assistant" && !isMadeUp ? { line, message } : undefined;
}
