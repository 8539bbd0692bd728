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
  version: "2",
  provider: "claude",
  names: ["*.jsonl"],
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
    if (this.#before === undefined || !isOnlyUsage(line)) return false;
    const { bytes, markAt } = line;
    const { head, usage } = this.#before;
    return holdsAt(bytes, usage, markAt) && holdsAt(bytes, head, bytes.indexOf(MESSAGE));
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

/** A line's message up to its id, and its usage, as the line has them. */
interface Said {
  readonly head: Buffer;
  readonly usage: Buffer;
}

/** A line's head has its message's id. */
const HEAD_BYTES = 1024;
const MESSAGE = Buffer.from('"message":{');
const ID = '"id":"msg_';
const USAGE = Buffer.from('usage":{');

/**
 * undefined if a line may have other usages, as in a tool's input. No string within JSON has these marks, since its quotes
 * are escaped.
 */
function saidIn(line: SourceLine): Said | undefined {
  const { bytes, markAt } = line;
  const head = isOnlyUsage(line) ? headOf(bytes) : undefined;
  if (head === undefined) return undefined;
  // Copies: the line's bytes are valid until the next chunk is read.
  const end = closingBrace(bytes, markAt + USAGE.length);
  return { head: Buffer.from(head), usage: Buffer.from(bytes.subarray(markAt, end)) };
}

/** undefined if an object or a list stands before the id: it may be theirs. */
function headOf(bytes: Buffer): Buffer | undefined {
  const message = bytes.indexOf(MESSAGE);
  if (message === -1) return undefined;
  const head = bytes.toString("latin1", message, message + HEAD_BYTES);
  const id = head.indexOf(ID);
  const end = id === -1 ? -1 : head.indexOf('"', id + ID.length);
  if (end === -1) return undefined;
  const before = head.slice(MESSAGE.length, id);
  if (before.includes("{") || before.includes("[")) return undefined;
  return bytes.subarray(message, message + end + 1);
}

function isOnlyUsage({ bytes, markAt }: SourceLine): boolean {
  return holdsAt(bytes, USAGE, markAt) && !bytes.includes(USAGE, markAt + 1);
}

function holdsAt(bytes: Buffer, part: Buffer, at: number): boolean {
  const end = at + part.length;
  return at >= 0 && end <= bytes.length && bytes.compare(part, 0, part.length, at, end) === 0;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/** The place behind the brace that closes an object, from a place within it. */
function closingBrace(bytes: Buffer, from: number): number {
  let depth = 1;
  let isInText = false;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE && bytes[at - 1] !== BACKSLASH) isInText = !isInText;
    if (isInText) continue;
    if (byte === OPENING) depth += 1;
    else if (byte === CLOSING) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return bytes.length;
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
