import { parseJson } from "../../domain/parse-json.ts";
import { readTimestamp } from "../read-timestamp.ts";
import { splitByModel } from "../tokens/claude-iterations.ts";
import { providerOfModel, readClaudeUsage } from "../tokens/claude.ts";
import { isFields } from "../tokens/counters.ts";
import {
  badTime,
  problem,
  sayNotWhole,
  unknownUse,
  type UsageReader,
  type UsageReading,
  type UsageSource,
} from "../usage-source.ts";

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
  /** What the line before said about its message, if it gave an event. */
  #before: Said | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Most lines are further blocks of the same message. They need no parsing. */
  line(text: string, number: number): readonly UsageReading[] {
    if (this.#before !== undefined && saysAgain(text, this.#before)) return [];
    const readings = readLine(text, number, this.#file);
    this.#before = readings[0]?.kind === "event" ? saidIn(text) : undefined;
    return readings;
  }

  end(): readonly UsageReading[] {
    return [];
  }
}

/** A line's message up to its id, and its usage, as the line has them. */
interface Said {
  readonly head: string;
  readonly usage: string;
}

/** A line's head has its message's id. */
const HEAD_CHARACTERS = 1024;
const MESSAGE = '"message":{';
const ID = '"id":"msg_';
const USAGE = 'usage":{';

function saysAgain(text: string, { head, usage }: Said): boolean {
  const at = onlyUsageAt(text);
  return at !== -1 && text.startsWith(usage, at) && text.startsWith(head, text.indexOf(MESSAGE));
}

/**
 * undefined if a line may have other usages, as in a tool's input. No string within JSON has these marks, since its quotes
 * are escaped.
 */
function saidIn(text: string): Said | undefined {
  const at = onlyUsageAt(text);
  const head = at === -1 ? undefined : headOf(text);
  if (head === undefined) return undefined;
  return { head, usage: text.slice(at, closingBrace(text, at + USAGE.length)) };
}

/** undefined if an object or a list comes before the id, because the id may be theirs. */
function headOf(text: string): string | undefined {
  const from = text.indexOf(MESSAGE);
  if (from === -1) return undefined;
  const head = text.slice(from, from + HEAD_CHARACTERS);
  const id = head.indexOf(ID);
  const end = id === -1 ? -1 : head.indexOf('"', id + ID.length);
  if (end === -1) return undefined;
  const before = head.slice(MESSAGE.length, id);
  return before.includes("{") || before.includes("[") ? undefined : head.slice(0, end + 1);
}

/** -1 without a usage, or with more than one. */
function onlyUsageAt(text: string): number {
  const at = text.indexOf(USAGE);
  return text.includes(USAGE, at + 1) ? -1 : at;
}

/** The place after the brace that closes an object, from a place within it. */
function closingBrace(text: string, from: number): number {
  let depth = 1;
  let isInText = false;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' && text[at - 1] !== "\\") isInText = !isInText;
    if (isInText) continue;
    if (character === "{") depth += 1;
    else if (character === "}") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** The logs of a session's sub-agents. */
const SUBAGENT_LOG = /[\\/]subagents[\\/]agent-[^\\/]*$/u;

function readLine(text: string, number: number, file: string): readonly UsageReading[] {
  const value = parseJson(text);
  if (value === undefined) return [problem(number, "not-json", "Expected a line of JSON.")];
  const answer = readAnswer(value);
  if (answer === undefined) return [];
  const { line, message } = answer;
  const usage = readClaudeUsage(message["usage"]);
  const { timestamp, sessionId } = line;
  const at = typeof timestamp === "string" ? readTimestamp(timestamp) : undefined;
  if (usage === undefined) {
    return [unknownUse(number, sayNotWhole("message.usage", message["usage"]), { at: at ?? null })];
  }
  const { id, model } = message;
  if (typeof id !== "string") {
    return [problem(number, "no-id", "Expected message.id, by which repeated lines are known.")];
  }
  if (at === undefined) return [badTime(number, timestamp)];
  const { isSidechain = SUBAGENT_LOG.test(file) } = line;
  const lane = isSidechain === true ? "subagent" : "main";
  const session = typeof sessionId === "string" ? sessionId : file;
  const answered = typeof model === "string" ? model : null;
  // Each advice of another model is an event of its own, so that it is priced as what it is.
  return splitByModel(usage, message["usage"]).map((part, nth) => {
    const own = { id: nth === 0 ? id : `${id}:${nth}`, model: part.model ?? answered };
    const event = { ...own, at, lane, usage: part.usage } as const;
    return { kind: "event", session, ...providerOfModel(own.model), event } as const;
  });
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
