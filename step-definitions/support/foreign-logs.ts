const DAY = "2025-10-19";
const SESSION = "0199efc6-4d1b-7f00-a12f-9645e51e29cc";
const PARENT = "0199efc6-0000-7f00-a12f-9645e51e29cc";

/** Lines of a foreign log from short words, e.g. `claude m1 100 50`: a message with 100 and 50 tokens. */
export function logLines(said: string, { isContinued = false } = {}): string {
  const parts = said.split(/,|\n/u).map((part) => part.trim());
  const isCodex = parts.some((part) => /(?:^|\s)(?:codex|older|limits-only)/u.test(part));
  const [start = ""] = parts;
  const isMeta = ["fork", "subagent", "unsourced"].includes(start);
  const head = isCodex && !isContinued ? [sessionMeta(start)] : [];
  const lines = parts.slice(isMeta ? 1 : 0).flatMap((part) => lineOf(part));
  return [...head, ...lines].map((line) => (CUT.has(line) ? line : `${line}\n`)).join("");
}

const HALF = '{"type":"assistant","message":{"usage":{"input_tok';
const EARLY = '{"type":"assistant","message":{"content":[{"ty';
/** A log ends within these lines. */
const CUT = new Set([HALF, EARLY]);

function lineOf(part: string): readonly string[] {
  const [time, rest] = /^at (\d\d:\d\d) (.*)$/u.exec(part)?.slice(1) ?? ["10:30", part];
  const at = `${DAY}T${time ?? ""}:00.000Z`;
  const [kind = "", ...words] = (rest ?? "").split(" ");
  const make = LINES[kind];
  if (make === undefined) throw new Error(`Expected a line of a log, got ${JSON.stringify(part)}.`);
  return make(words, at);
}

const LINES: Readonly<
  Record<string, (words: readonly (string | undefined)[], at: string) => readonly string[]>
> = {
  claude: (words, at) => [claude(words, at)],
  sidechain: (words, at) => [claude(words, at, { isSidechain: true, requestId: "req_other" })],
  synthetic: (words, at) => [claude(words, at, {}, "<synthetic>")],
  glm: (words, at) => [claude(words, at, {}, "glm-4.6")],
  "api-error": (words, at) => [claude(words, at, { isApiErrorMessage: true })],
  nulls: (words, at) => [nulls(words, at)],
  "no-id": (_words, at) => [claude([undefined, "1", "1"], at)],
  "no-time": () => [claude(["m9", "1", "1"], "yesterday")],
  half: () => [HALF],
  "early-half": () => [EARLY],
  nothing: () => [],
  early: () => ['{"type":"assistant","message":{"content":[{"type":"te'],
  text: () => ["Nothing new today."],
  brackets: () => ["[".repeat(200_000)],
  "no-json": () => ['{"usage":{ this is no JSON'],
  codex: (words, at) => [tokenCount(words, at)],
  older: (words) => [tokenCount(words, `${DAY}T00:00:00.000Z`)],
  "limits-only": (_words, at) => [
    JSON.stringify({
      timestamp: at,
      type: "event_msg",
      payload: { type: "token_count", info: null },
    }),
  ],
  thread,
  gemini: (words, at) => [geminiAnswer(words, at)],
  qwen: (words, at) => [qwenAnswer(words, at)],
  pi: (words, at) => [piAnswer(words, at)],
  telemetry: (words, at) => [telemetry(words, at)],
};

function claude(
  [id, input, output, , cached]: readonly (string | undefined)[],
  timestamp: string,
  more: object = {},
  model = "claude-sonnet-4-5",
): string {
  const usage = {
    input_tokens: numberOr(input),
    output_tokens: numberOr(output),
    ...(cached === undefined ? {} : { cache_read_input_tokens: Number(cached) }),
  };
  const message = { id, role: "assistant", model, usage };
  return JSON.stringify({
    type: "assistant",
    timestamp,
    sessionId: SESSION,
    requestId: "req_1",
    ...more,
    message,
  });
}

/** A message with an output and nothing else. */
function nulls([id, output]: readonly (string | undefined)[], timestamp: string): string {
  const usage = {
    input_tokens: null,
    output_tokens: Number(output),
    cache_read_input_tokens: null,
    cache_creation: { ephemeral_5m_input_tokens: null, ephemeral_1h_input_tokens: null },
    output_tokens_details: { thinking_tokens: null },
  };
  const message = { id, role: "assistant", model: "claude-sonnet-4-5", usage };
  return JSON.stringify({ type: "assistant", timestamp, sessionId: SESSION, message });
}

function numberOr(text: string | undefined): number | string | undefined {
  return Number.isNaN(Number(text)) ? text : Number(text);
}

/** The first line of a log of Codex: of a `fork`, of a `subagent`, or of the main agent. */
function sessionMeta(start: string): string {
  const spawned = { subagent: { thread_spawn: { parent_thread_id: PARENT } } };
  const payload = {
    id: start === "subagent" ? "0199efc6-9999-7f00-a12f-9645e51e29cc" : SESSION,
    timestamp: `${DAY}T09:00:00.000Z`,
    ...(start === "unsourced" ? {} : { source: start === "subagent" ? spawned : "cli" }),
    ...(start === "fork" ? { forked_from_id: PARENT } : {}),
  };
  return JSON.stringify({ timestamp: `${DAY}T09:00:00.000Z`, type: "session_meta", payload });
}

function tokenCount(words: readonly (string | undefined)[], timestamp: string): string {
  const [input, output, , lastInput = input, lastOutput = output] = words;
  const info = {
    total_token_usage: tokens(input, output),
    last_token_usage: tokens(lastInput, lastOutput),
  };
  return JSON.stringify({ timestamp, type: "event_msg", payload: { type: "token_count", info } });
}

function tokens(input: string | undefined, output: string | undefined) {
  return { input_tokens: Number(input), output_tokens: Number(output) };
}

/** `gemini g1 100 50 cached 60`: the input contains the cached tokens. */
function geminiAnswer(
  [id, input, output, , cached = "0"]: readonly (string | undefined)[],
  timestamp: string,
): string {
  const counts = { input: Number(input), output: Number(output), cached: Number(cached) };
  const answer = { id, timestamp, type: "gemini", model: "gemini-2.5-pro", tokens: counts };
  return JSON.stringify(answer);
}

function qwenAnswer(
  [uuid, input, output, , cached = "0"]: readonly (string | undefined)[],
  timestamp: string,
): string {
  const uiEvent = {
    "event.name": "qwen-code.api_response",
    input_token_count: Number(input),
    output_token_count: Number(output),
    cached_content_token_count: Number(cached),
  };
  return JSON.stringify({ uuid, sessionId: SESSION, timestamp, systemPayload: { uiEvent } });
}

/** The input leaves the cached tokens out. */
function piAnswer(
  [id, input, output, , cached = "0"]: readonly (string | undefined)[],
  timestamp: string,
): string {
  const usage = { input: Number(input), output: Number(output), cacheRead: Number(cached) };
  return JSON.stringify({
    type: "message",
    id,
    timestamp,
    message: { role: "assistant", usage },
  });
}

/** A line of a proxy's telemetry that does not divide its input. */
function telemetry([lane, input, output]: readonly (string | undefined)[], ts: string): string {
  const line = { ts, rid: lane, lane, model: "m", status: "ok", ...tokens(input, output) };
  return JSON.stringify(line);
}

function thread([id, input, output, , cached = "0"]: readonly (
  | string
  | undefined
)[]): readonly string[] {
  const usage = { ...tokens(input, output), cached_input_tokens: Number(cached) };
  return [
    { type: "thread.started", thread_id: id },
    { type: "turn.completed", usage },
  ].map((line) => JSON.stringify(line));
}
