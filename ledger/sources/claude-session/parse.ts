import { parseJson } from "../../domain/parse-json.ts";
import { isFields, providerOfModel, readClaudeUsage } from "../claude-tokens.ts";
import type { SourceLine } from "../read-lines.ts";
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
  // A quote before it would be found in every field.
  marks: ['usage":'],
  open: ({ file }) => new SessionReader(file),
};

class SessionReader implements UsageReader {
  readonly #file: string;
  /** What the line before said of its message, if it gave an event. */
  #before: Said | undefined;
  #line: SourceLine | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Most lines are further blocks of the same message. */
  isRepeated(line: SourceLine): boolean {
    this.#line = line;
    if (this.#before === undefined) return false;
    const { id, usage } = this.#before;
    const tail = tailOf(line);
    return tail.startsWith(usage) && isOnlyUsage(tail) && idIn(line) === id;
  }

  line(text: string, number: number): readonly UsageReading[] {
    const readings = readLine(text, number, this.#file);
    const isEvent = readings.some(({ kind }) => kind === "event");
    this.#before = isEvent && this.#line !== undefined ? saidIn(this.#line) : undefined;
    return readings;
  }

  end(): readonly UsageReading[] {
    return [];
  }
}

/** A line's message id and its usage, as the line has them. */
interface Said {
  readonly id: string;
  readonly usage: string;
}

/** A line's head has its message's id. */
const HEAD_BYTES = 1024;
const MESSAGE = '"message":{';
const ID = '"id":"msg_';
const USAGE = 'usage":{';

/**
 * The id of a line's message and the line's only usage; undefined if there may be others, as in a tool's input. No
 * string within JSON has these marks, since its quotes are escaped.
 */
function saidIn(line: SourceLine): Said | undefined {
  const tail = tailOf(line);
  const id = isOnlyUsage(tail) ? idIn(line) : undefined;
  return id === undefined ? undefined : { id, usage: tail.slice(0, closingBrace(tail)) };
}

/** undefined if an object or a list stands before the id: it may be theirs. */
function idIn({ bytes }: SourceLine): string | undefined {
  const head = bytes.toString("latin1", 0, HEAD_BYTES);
  const message = head.indexOf(MESSAGE);
  const id = head.indexOf(ID, message);
  if (message === -1 || id === -1) return undefined;
  const before = head.slice(message + MESSAGE.length, id);
  if (before.includes("{") || before.includes("[")) return undefined;
  return head.slice(id, head.indexOf('"', id + ID.length));
}

function tailOf({ bytes, markAt }: SourceLine): string {
  return bytes.toString("latin1", markAt);
}

function isOnlyUsage(tail: string): boolean {
  return tail.lastIndexOf(USAGE) === 0;
}

/** The place behind the brace that closes the one of the mark. */
function closingBrace(text: string): number {
  let depth = 1;
  let isInText = false;
  for (let at = USAGE.length; at < text.length; at += 1) {
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
  const session = typeof sessionId === "string" ? sessionId : file;
  return [{ kind: "event", session, ...providerOfModel(model), event }];
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
