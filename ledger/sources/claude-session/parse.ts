import { parseJson } from "../../domain/parse-json.ts";
import { isFields, readClaudeUsage } from "../claude-tokens.ts";
import { readTimestamp } from "../read-timestamp.ts";
import { problem, type UsageReader, type UsageReading, type UsageSource } from "../usage-source.ts";

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
  marks: ['"usage":'],
  open: ({ file }) => new SessionReader(file),
};

class SessionReader implements UsageReader {
  readonly #file: string;
  /** What the line before said of its message. */
  #before: string | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  line(text: string, number: number): readonly UsageReading[] {
    const said = saidIn(text);
    // The next block of the same message. Most lines are such, and parsing them would say nothing new.
    if (said !== undefined && said === this.#before) return [];
    const readings = readLine(text, number, this.#file);
    this.#before = readings.some(({ kind }) => kind === "event") ? said : undefined;
    return readings;
  }

  end(): readonly UsageReading[] {
    return [];
  }
}

const ID = '"id":"msg_';
const USAGE = '"usage":{';

/**
 * The text of a line's only message id and of its only usage; undefined if it has several, as a tool's input
 * may have. No string within JSON has these marks, since its quotes are escaped.
 */
function saidIn(text: string): string | undefined {
  const [id, usage] = [onlyIn(text, ID), onlyIn(text, USAGE)];
  if (id === undefined || usage === undefined) return undefined;
  const idEnd = text.indexOf('"', id + ID.length);
  const usageEnd = closingBrace(text, usage + USAGE.length - 1);
  return text.slice(id, idEnd) + text.slice(usage, usageEnd);
}

function onlyIn(text: string, mark: string): number | undefined {
  const at = text.indexOf(mark);
  return at !== -1 && text.lastIndexOf(mark) === at ? at : undefined;
}

/** The place behind the brace that closes the one at a place. */
function closingBrace(text: string, open: number): number {
  let depth = 0;
  let isInText = false;
  for (let at = open; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' && text[at - 1] !== "\\") isInText = !isInText;
    if (isInText) continue;
    if (character === "{") depth += 1;
    else if (character === "}") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

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
