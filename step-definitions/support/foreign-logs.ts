const DAY = "2025-10-19";
const SESSION = "0199efc6-4d1b-7f00-a12f-9645e51e29cc";
const PARENT = "0199efc6-0000-7f00-a12f-9645e51e29cc";

/** Lines of a foreign log from short words, e.g. `claude m1 100 50`: a message with 100 and 50 tokens. */
export function logLines(said: string, { isContinued = false } = {}): string {
  const parts = said.split(/,|\n/u).map((part) => part.trim());
  const isCodex = parts.some((part) => /(?:^|\s)(?:codex|older|limits-only)/u.test(part));
  const isFork = parts.includes("fork");
  const head = isCodex && !isContinued ? [sessionMeta(isFork)] : [];
  const lines = parts.filter((part) => part !== "fork").flatMap(lineOf);
  return [...head, ...lines].map((line) => (line === HALF ? line : `${line}\n`)).join("");
}

const HALF = '{"type":"assistant","message":{"usage":{"input_tok';

function lineOf(part: string): readonly string[] {
  const [time, rest] = /^at (\d\d:\d\d) (.*)$/u.exec(part)?.slice(1) ?? ["10:30", part];
  const at = `${DAY}T${time ?? ""}:00.000Z`;
  const [kind = "", ...words] = (rest ?? "").split(" ");
  switch (kind) {
    case "claude":
      return [claude(words, at, {})];
    case "sidechain":
      return [claude(words, at, { isSidechain: true, requestId: "req_other" })];
    case "synthetic":
      return [claude(words, at, {}, "<synthetic>")];
    case "api-error":
      return [claude(words, at, { isApiErrorMessage: true })];
    case "no-id":
      return [claude([undefined, "1", "1"], at, {})];
    case "no-time":
      return [claude(["m9", "1", "1"], "yesterday", {})];
    case "half":
      return [HALF];
    case "no-json":
      return ['{"usage":{ this is no JSON'];
    case "codex":
      return [tokenCount(words, at)];
    case "older":
      return [tokenCount(words, `${DAY}T00:00:00.000Z`)];
    case "limits-only":
      return [
        JSON.stringify({
          timestamp: at,
          type: "event_msg",
          payload: { type: "token_count", info: null },
        }),
      ];
    case "thread":
      return thread(words);
    default:
      throw new Error(`Expected a line of a log, got ${JSON.stringify(part)}.`);
  }
}

function claude(
  [id, input, output]: readonly (string | undefined)[],
  timestamp: string,
  more: object,
  model = "claude-sonnet-4-5",
): string {
  const usage = { input_tokens: numberOr(input), output_tokens: numberOr(output) };
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

function numberOr(text: string | undefined): number | string | undefined {
  return Number.isNaN(Number(text)) ? text : Number(text);
}

function sessionMeta(isFork: boolean): string {
  const payload = {
    id: SESSION,
    timestamp: `${DAY}T09:00:00.000Z`,
    source: "cli",
    ...(isFork ? { forked_from_id: PARENT } : {}),
  };
  return JSON.stringify({ timestamp: `${DAY}T09:00:00.000Z`, type: "session_meta", payload });
}

function tokenCount(words: readonly string[], timestamp: string): string {
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

function thread([id, input, output]: readonly string[]): readonly string[] {
  const usage = tokens(input, output);
  return [
    { type: "thread.started", thread_id: id },
    { type: "turn.completed", usage },
  ].map((line) => JSON.stringify(line));
}
