import { firstUserText, type PromptRequest, toolResultIds } from "./messages-request.ts";
import type { TaskScript } from "./task-script.ts";

/** opencode puts its prompt into quotes, so that a title in the first line follows one. */
const FEATURE_LINE = /^\s*"?(?:Feature|Task):[ \t]*(\S.*?)[ \t]*$/gm;

/**
 * Identifies conversations without storing them: every client sends the ids of our tool calls back,
 * and these contain the conversation's number. Only the count of conversations is state.
 */
export class Conversations {
  readonly #serverId: string;
  readonly #begun = new Map<string, number>();
  readonly #requests = new Map<string, number>();
  #idCount = 0;

  constructor(serverId: string) {
    this.#serverId = serverId;
  }

  /**
   * The conversation's number, counted from 1 per model and subject in order of arrival. The subject is a
   * feature, or a role's turn for one, so that teams leave the numbers of single agents alone.
   */
  numberOf(request: PromptRequest, subject: string): number {
    const key = JSON.stringify([request.model, subject]);
    const begun = this.#begun.get(key) ?? 0;
    const resultIds = toolResultIds(request);
    if (resultIds.length > 0) return carriedNumber(resultIds) ?? Math.max(1, begun);
    this.#begun.set(key, begun + 1);
    return begun + 1;
  }

  /** The number of this request of the model about the feature, counted from 1. */
  countRequest(model: string, featureId: string): number {
    const key = JSON.stringify([model, featureId]);
    const count = (this.#requests.get(key) ?? 0) + 1;
    this.#requests.set(key, count);
    return count;
  }

  newMessageId(): string {
    return `msg_${this.#serverId}${this.#nextCount()}`;
  }

  newRequestId(): string {
    return `req_${this.#serverId}${this.#nextCount()}`;
  }

  newToolUseId(conversation: number): string {
    return `toolu_${this.#serverId}${this.#nextCount()}_c${conversation}`;
  }

  #nextCount(): string {
    this.#idCount += 1;
    return this.#idCount.toString(36).padStart(6, "0");
  }
}

/**
 * The script with the task's title: the last such line of the first user message, because clients
 * put their own reminders before the task.
 */
export function findScript(
  request: PromptRequest,
  scripts: readonly TaskScript[],
): TaskScript | undefined {
  const titles = [...firstUserText(request).matchAll(FEATURE_LINE)].map((match) => match[1]);
  return titles
    .map((title) => scripts.find((script) => script.title === title))
    .findLast((script) => script !== undefined);
}

function carriedNumber(toolUseIds: readonly string[]): number | undefined {
  const digits = toolUseIds
    .map((id) => /^toolu_\w+_c(\d{1,9})$/.exec(id)?.[1])
    .find((match) => match !== undefined);
  return digits === undefined ? undefined : Number(digits);
}
