import type { ProtocolCase } from "./protocol-case.ts";

/** A request that is no plain question to a model. */
export interface AskedPath {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  /** Whether no model works for it. */
  readonly isFree: boolean;
}

function works(title: string, path: string, body?: object): AskedPath {
  return { title, method: "POST", path, isFree: false, ...(body === undefined ? {} : { body }) };
}

function free(title: string, request: string): AskedPath {
  const [method = "", path = ""] = request.split(" ");
  return { title, method, path, isFree: true };
}

/** Requests to vendors besides those that the table of answers has. */
export const PATHS: readonly AskedPath[] = [
  works("Messages: batch", "/v1/messages/batches"),
  works("Anthropic: the oldest API", "/v1/complete"),
  works("Responses in the background", "/v1/responses", { model: "m", background: true }),
  works("OpenAI: batch", "/v1/batches"),
  works("OpenAI: embeddings", "/v1/embeddings"),
  works("OpenAI: images", "/v1/images/generations"),
  works("OpenAI: changed images", "/v1/images/edits"),
  works("OpenAI: speech", "/v1/audio/speech"),
  works("OpenAI: transcription", "/v1/audio/transcriptions"),
  works("OpenAI: moderation", "/v1/moderations"),
  works("OpenAI: video", "/v1/videos"),
  works("OpenAI: fine-tuning", "/v1/fine_tuning/jobs"),
  works("OpenAI: evaluation", "/v1/evals/e/runs"),
  works("OpenAI: vector store", "/v1/vector_stores"),
  works("OpenAI: conversation", "/v1/conversations"),
  works("OpenAI: message of a thread", "/v1/threads/t/messages"),
  works("OpenAI: run of a thread", "/v1/threads/t/runs"),
  works("OpenAI: secret of a live session", "/v1/realtime/client_secrets"),
  works("Gemini: interaction", "/v1beta/interactions"),
  works("Gemini: batch", "/v1beta/models/m:batchGenerateContent"),
  works("Gemini: embedding", "/v1beta/models/m:embedContent"),
  works("Gemini: image", "/v1beta/models/m:predict"),
  works("Gemini: cached content", "/v1beta/cachedContents"),
  works("Vertex AI: another vendor's model", "/v1/publishers/mistralai/models/m:rawPredict"),
  works("Bedrock: `invoke`", "/model/anthropic.m/invoke"),
  works("Bedrock: `invoke` as a stream", "/model/anthropic.m/invoke-with-response-stream"),
  works("Bedrock: `converse`", "/model/anthropic.m/converse"),
  works("Bedrock: `converse` as a stream", "/model/anthropic.m/converse-stream"),
  works("Ollama: chat", "/api/chat"),
  works("Ollama: completion", "/api/generate"),
  works("Cohere: chat", "/v2/chat"),
  works("Cohere: ranking", "/v2/rerank"),
  works("Gemini CLI's log-in: a method that nobody knows", "/v1internal:generateChat"),
  works("A path that nobody knows", "/a/path/of/tomorrow"),
  works("A batch in another spelling", "//v1/%62atches;x=1/"),
  free("Models", "GET /v1/models"),
  free("A stored response, also of background work", "GET /v1/responses/r_1"),
  free("The input of a stored response", "GET /v1/responses/r_1/input_items"),
  free("Results of a batch", "GET /v1/messages/batches/b/results"),
  free("Deletion of a response", "DELETE /v1/responses/r_1"),
  free("Cancelling a response", "POST /v1/responses/r_1/cancel"),
  free("Cancelling a batch", "POST /v1/messages/batches/b/cancel"),
  free("Upload of a file", "POST /v1/files"),
  free("Upload of a file to Gemini", "POST /upload/v1beta/files"),
  free("Messages: count of tokens", "POST /v1/messages/count_tokens"),
  free("Responses: count of tokens", "POST /v1/responses/input_tokens"),
  free("Gemini: count of tokens", "POST /v1beta/models/m:countTokens"),
  ...[
    "loadCodeAssist",
    "onboardUser",
    "countTokens",
    "listExperiments",
    "retrieveUserQuota",
    "fetchAdminControls",
    "recordCodeAssistMetrics",
    "setCodeAssistGlobalUserSetting",
  ].map((method) => free("Gemini CLI's log-in", `POST /v1internal:${method}`)),
  free(
    "Claude on Vertex AI: count of tokens",
    "POST /v1/publishers/anthropic/models/count-tokens:rawPredict",
  ),
  free("Claude Code's events", "POST /api/event_logging/v2/batch"),
  free("OpenTelemetry", "POST /v1/traces"),
];

export function caseOfPath({ method, path, body, isFree }: AskedPath): ProtocolCase {
  return {
    path,
    sent: { method, body: method === "POST" ? JSON.stringify(body ?? { model: "m" }) : "" },
    answer: {
      headers: { "content-type": "application/json" },
      body: '{"id":"x","status":"queued"}',
    },
    truth: isFree ? null : { prompt: 1, completion: 1 },
    textBytes: 0,
  };
}
