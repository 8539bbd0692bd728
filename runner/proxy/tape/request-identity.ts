import { createHash } from "node:crypto";

import { parseJson } from "../metering/json-value.ts";

/** What tells one request from another, whatever dates, folders and session names it holds. */
export interface RequestIdentity {
  /** null: the body names none. */
  readonly model: string | null;
  /** How many messages or input items; null where it has no list of them. */
  readonly messages: number | null;
  /** Hex digest of the last of them. */
  readonly lastWords: string;
  /** Hex digest of the whole body. */
  readonly whole: string;
}

/** Stands for the folder that an agent works in, which is another one in each run. */
const ANY_FOLDER = "<folder>";

export function identify(body: Buffer, folder: string | null): RequestIdentity {
  const raw = body.toString();
  const text = folder === null ? raw : raw.replaceAll(folder, ANY_FOLDER);
  const { model, messages, input }: Record<string, unknown> = Object(parseJson(text));
  const list = messages ?? input;
  return {
    model: typeof model === "string" ? model : null,
    messages: Array.isArray(list) ? list.length : null,
    lastWords: digest(JSON.stringify(Array.isArray(list) ? list.at(-1) : list) ?? ""),
    whole: digest(text),
  };
}

export function describeIdentity({ model, messages }: RequestIdentity): string {
  const count = messages === 1 ? "1 message" : `${String(messages ?? "no")} messages`;
  return `${model ?? "no model"}, ${count}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
