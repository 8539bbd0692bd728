import type { MessagesRequest } from "./messages-request.ts";

type Message = MessagesRequest["messages"][number];

/** Joins neighbours of one role, because clients send a task and its context as several messages. */
export function merge(messages: readonly Message[]): Message[] {
  const merged: Message[] = [];
  for (const message of messages) {
    const last = merged.at(-1);
    if (last?.role !== message.role) merged.push(message);
    else merged[merged.length - 1] = { ...last, content: [...partsOf(last), ...partsOf(message)] };
  }
  return merged;
}

function partsOf({ content }: Message) {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}
