import type { z } from "zod";

import { NO_USAGE } from "../../ledger/domain/usage.ts";
import { CHAT_FORM } from "./chat-events.ts";
import { ChatAsMessages } from "./chat-request.ts";
import { type Conversations, findScript } from "./conversations.ts";
import { countPromptTokens } from "./deal-usage.ts";
import { drawFault } from "./draw-conversation.ts";
import { ApiError, receiveJson, refuseByIssues, type ScriptedExchange } from "./exchange.ts";
import { GEMINI_FORM } from "./gemini-events.ts";
import { GeminiAsMessages, geminiTarget } from "./gemini-request.ts";
import { MessagesRequest, PromptRequest } from "./messages-request.ts";
import { playAnswer } from "./play-answer.ts";
import type { ModelProfile } from "./profile.ts";
import { RESPONSES_FORM } from "./responses-events.ts";
import { ResponsesAsMessages } from "./responses-request.ts";
import { sendStream, sendWhole } from "./send-answer.ts";
import { type AnswerForm, MESSAGES_FORM } from "./stream-events.ts";
import type { TaskScript } from "./task-script.ts";

/** The parts of a scripted server. */
export interface Stage {
  readonly seed: string;
  readonly profiles: Readonly<Record<string, ModelProfile>>;
  readonly scripts: readonly TaskScript[];
  readonly conversations: Conversations;
}

/** Answers one request. Throws an ApiError if the API would refuse it. */
export async function respond(exchange: ScriptedExchange, stage: Stage): Promise<void> {
  const { request, path } = exchange;
  if (exchange.keyHeader === null) {
    throw new ApiError("authentication_error", "x-api-key header is required");
  }
  const route = `${request.method} ${path}`;
  const known = FORMS.get(route);
  if (known !== undefined) {
    const body = await receive(exchange, known.schema);
    return await respondModel(exchange, stage, { body, form: known.form });
  }
  const gemini = request.method === "POST" ? geminiTarget(path) : null;
  if (gemini !== null) {
    const body = await receive(exchange, GeminiAsMessages, gemini);
    return await respondModel(exchange, stage, { body, form: GEMINI_FORM });
  }
  if (route === "POST /v1/messages/count_tokens") {
    const body = await receive(exchange, PromptRequest);
    const input_tokens = countPromptTokens(body, profileOf(stage, body.model));
    return sendJson(exchange, { input_tokens });
  }
  if (route === "GET /v1/models") return sendJson(exchange, listModels(stage));
  if (route.startsWith("GET /v1/models/")) {
    const name = decodeURIComponent(path.slice("/v1/models/".length));
    profileOf(stage, name);
    return sendJson(exchange, describeModel(name));
  }
  throw new ApiError("not_found_error", `Not found: ${route}`);
}

const FORMS: ReadonlyMap<
  string,
  { readonly schema: z.ZodType<MessagesRequest>; readonly form: AnswerForm }
> = new Map([
  ["POST /v1/messages", { schema: MessagesRequest, form: MESSAGES_FORM }],
  ["POST /v1/responses", { schema: ResponsesAsMessages, form: RESPONSES_FORM }],
  ["POST /v1/chat/completions", { schema: ChatAsMessages, form: CHAT_FORM }],
]);

async function respondModel(
  exchange: ScriptedExchange,
  stage: Stage,
  { body, form }: { readonly body: MessagesRequest; readonly form: AnswerForm },
): Promise<void> {
  const { seed, conversations, scripts } = stage;
  const { model } = body;
  const profile = profileOf(stage, model);
  const script = findScript(body, scripts);
  const featureId = script?.featureId ?? null;
  exchange.note({ featureId, stream: body.stream === true });
  const attempt = conversations.countRequest(model, featureId ?? "");
  const key = `${seed}|model|${model}|${featureId ?? ""}|request|${attempt}`;
  const failure = drawFault(profile, key);
  if (failure === 529) throw new ApiError("overloaded_error", "Overloaded");
  if (failure === 500) throw new ApiError("api_error", "Internal server error");
  const answer = playAnswer({ request: body, profile, conversations }, seed, script);
  const { messageId, conversation, variant, usage } = answer;
  exchange.note({ messageId, conversation, variant });
  const send = body.stream === true ? sendStream : sendWhole;
  await send(answer, {
    form,
    response: exchange.response,
    profile,
    signal: exchange.signal,
    onOutput: (output) => exchange.note({ usage: form.tellable({ ...usage, output }) }),
  });
}

async function receive<T extends { readonly model: string }>(
  exchange: ScriptedExchange,
  schema: z.ZodType<T>,
  /** Fields of the request that its path has. */
  named: object = {},
): Promise<T> {
  const json = await receiveJson(exchange.request);
  const parsed = schema.safeParse(isObject(json) ? { ...json, ...named } : json);
  if (!parsed.success) throw refuseByIssues(parsed.error);
  exchange.note({ model: parsed.data.model, usage: NO_USAGE });
  return parsed.data;
}

function isObject(json: unknown): json is object {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function profileOf({ profiles }: Stage, model: string): ModelProfile {
  const profile = Object.hasOwn(profiles, model) ? profiles[model] : undefined;
  if (profile === undefined) throw new ApiError("not_found_error", `model: ${model}`);
  return profile;
}

function listModels({ profiles }: Stage): Readonly<Record<string, unknown>> {
  const data = Object.keys(profiles).map((name) => describeModel(name));
  return { data, has_more: false, first_id: data[0]?.id, last_id: data.at(-1)?.id };
}

function describeModel(id: string): { readonly id: string } & Readonly<Record<string, unknown>> {
  return { type: "model", id, display_name: id, created_at: "2026-01-01T00:00:00Z" };
}

function sendJson({ response }: ScriptedExchange, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}
