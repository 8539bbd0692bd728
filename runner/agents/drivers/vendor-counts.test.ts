import { writeFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import type { Usage } from "../../../ledger/domain/usage.ts";
import { claudeResult } from "../../../ledger/sources/claude-result/parse.ts";
import { claudeSession } from "../../../ledger/sources/claude-session/parse.ts";
import { codexExec } from "../../../ledger/sources/codex-exec/parse.ts";
import { codexRollout } from "../../../ledger/sources/codex-rollout/parse.ts";
import { otlp } from "../../../ledger/sources/otlp/parse.ts";
import type { UsageSource } from "../../../ledger/sources/usage-source.ts";
import { AnthropicMessagesMeter } from "../../gateway/proxy/dialects/anthropic-messages.ts";
import type { AnswerMeter } from "../../gateway/proxy/dialects/dialect.ts";
import { GeminiMeter } from "../../gateway/proxy/dialects/gemini.ts";
import { OpenaiChatMeter, OpenaiResponsesMeter } from "../../gateway/proxy/dialects/openai.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import type { AgentReport } from "./driver.ts";
import { readOwnReport } from "./read-own-report.ts";
import { driverNamed } from "./registry.ts";

/** What a reader makes of counts: tokens by class without requests, or why they are unknown. */
type Told = Omit<Usage, "requests"> | { readonly fault: string } | null;

const AT = "2026-01-01T10:00:00.000Z";

function ingested(source: UsageSource, ...lines: readonly object[]): Told {
  const reader = source.open({ file: "f", readAt: AT, provider: "p" });
  const readings = lines.flatMap((line, index) => reader.line(JSON.stringify(line), index + 1));
  const [found] = [...readings, ...reader.end()];
  if (found === undefined) return null;
  if (found.kind === "problem") return { fault: found.text };
  return bare(found.kind === "event" ? found.event.usage : found.total);
}

function bare(usage: Usage | null): Told {
  if (usage === null) return null;
  const { requests: _requests, ...tokens } = usage;
  return tokens;
}

function metered(meter: AnswerMeter, document: object): Told {
  meter.readDocument(document);
  const { usage, usageFault } = meter.reading();
  return usageFault === undefined ? bare(usage) : { fault: usageFault };
}

function capture(line: object): string {
  const file = path.join(temporaryFolder(), "capture.jsonl");
  writeFileSync(file, JSON.stringify(line));
  return file;
}

function reported({ value }: { readonly value: AgentReport | null }): Told {
  const { usage = null, usageFault } = value ?? {};
  return usageFault === undefined ? bare(usage) : { fault: usageFault };
}

async function driven(name: string, line: object): Promise<Told> {
  const read = await driverNamed(name).readReport?.({ capture: capture(line), home: "/nowhere" });
  return read === undefined ? null : reported(read);
}

function sent(name: string, values: Readonly<Record<string, number | string | undefined>>): Told {
  const attributes = Object.entries({ ...values, "event.name": name }).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [{ key, value: typeof value === "number" ? { intValue: value } : { stringValue: value } }],
  );
  return ingested(otlp, { resourceLogs: [{ scopeLogs: [{ logRecords: [{ attributes }] }] }] });
}

type Counts = Readonly<Record<string, number | undefined>>;
type Reader = (counts: Counts) => Told | Promise<Told>;

const messagesUsage = ({ input, output, read, written, five, hour }: Counts) => ({
  input_tokens: input,
  output_tokens: output,
  cache_read_input_tokens: read,
  cache_creation_input_tokens: written,
  cache_creation: { ephemeral_5m_input_tokens: five, ephemeral_1h_input_tokens: hour },
});

const claudeModels = ({ input, output, read, written, five, hour }: Counts) => ({
  type: "result",
  session_id: "s",
  uuid: "u",
  model_usage_since_last_result: {
    m: {
      inputTokens: input,
      outputTokens: output,
      cacheReadInputTokens: read,
      cacheCreationInputTokens: written,
      cacheCreationEphemeral5mInputTokens: five,
      cacheCreationEphemeral1hInputTokens: hour,
    },
  },
});

const CLAUDE: readonly [string, Reader][] = [
  ["ingest claude-result", (counts) => ingested(claudeResult, claudeModels(counts))],
  [
    "ingest claude-result, by its own usage",
    (counts) => {
      const usage = messagesUsage(counts);
      return ingested(claudeResult, { type: "result", session_id: "s", uuid: "u", usage });
    },
  ],
  [
    "ingest claude-session",
    (counts) => {
      const message = { id: "msg_1", role: "assistant", model: "m", usage: messagesUsage(counts) };
      return ingested(claudeSession, { timestamp: AT, sessionId: "s", message });
    },
  ],
  [
    "OpenTelemetry",
    ({ input, output, read, written, five, hour }) =>
      sent("api_request", {
        "session.id": "s",
        input_tokens: input,
        output_tokens: output,
        cache_read_tokens: read,
        cache_creation_tokens: written,
        cache_creation_5m_tokens: five,
        cache_creation_1h_tokens: hour,
      }),
  ],
  ["the driver", (counts) => driven("claude-code", claudeModels(counts))],
  [
    "the proxy, of a document",
    (counts) => metered(new AnthropicMessagesMeter(""), { usage: messagesUsage(counts) }),
  ],
  [
    "the proxy, of a stream whose end repeats the sum only",
    (counts) => {
      const meter = new AnthropicMessagesMeter("");
      const { cache_creation: _classes, ...last } = messagesUsage(counts);
      const message = { usage: messagesUsage(counts) };
      for (const event of [
        { type: "message_start", message },
        { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: last },
      ]) {
        meter.readEvent({ data: JSON.stringify(event) });
      }
      return bare(meter.reading().usage);
    },
  ],
];

describe.each(CLAUDE)("Claude's counts, as %s reads them,", (_name, read) => {
  it.each([
    ["have no lifetime", { written: 30 }, { cache_write_5m: 30 }],
    ["are kept for an hour", { written: 30, hour: 30 }, { cache_write_5m: 0, cache_write_1h: 30 }],
    [
      "are divided in part",
      { written: 100, five: 30, hour: 60 },
      { cache_write_5m: 40, cache_write_1h: 60 },
    ],
    ["have no sum", { written: 0, five: 10, hour: 20 }, { cache_write_5m: 10, cache_write_1h: 20 }],
    ["are of a client that writes nothing", { read: 7 }, { cache_read: 7 }],
  ])("%s", async (_title, cached, expected) => {
    const counts = { input: 100, output: 50, ...cached };
    expect(await read(counts)).toEqual({ input_uncached: 100, output: 50, ...expected });
  });
});

const codexTokens = ({ input, read, written, output, reasoning }: Counts) => ({
  input_tokens: input,
  cached_input_tokens: read,
  cache_write_input_tokens: written,
  output_tokens: output,
  reasoning_output_tokens: reasoning,
});

const apiUsage =
  (input: string, output: string) =>
  ({ read, written, reasoning, ...sides }: Counts) => ({
    [input]: sides["input"],
    [`${input}_details`]: { cached_tokens: read, cache_write_tokens: written },
    [output]: sides["output"],
    [`${output}_details`]: { reasoning_tokens: reasoning },
  });
const responsesUsage = apiUsage("input_tokens", "output_tokens");
const chatUsage = apiUsage("prompt_tokens", "completion_tokens");

const rollout = (payload: object, type: string) =>
  ingested(codexRollout, { timestamp: AT, type, payload });
const COMPLETED = { type: "turn.completed" };
const OWN_FIELDS = {
  input: "input",
  output: "output",
  cache_read: "read",
  cache_write: "written",
  reasoning: "reasoning",
  input_includes_cache: true,
  output_includes_reasoning: true,
};

const OPENAI: readonly [string, Reader][] = [
  [
    "ingest codex-exec",
    (counts) => {
      const started = { type: "thread.started", thread_id: "t" };
      return ingested(codexExec, started, { ...COMPLETED, usage: codexTokens(counts) });
    },
  ],
  [
    "ingest codex-rollout, of a record",
    (counts) => {
      const record = { thread_id: "t", response_id: "r", usage: codexTokens(counts) };
      return rollout(record, "token_usage_record");
    },
  ],
  [
    "ingest codex-rollout, of a count",
    (counts) => {
      const info = { total_token_usage: codexTokens(counts) };
      return rollout({ type: "token_count", info }, "event_msg");
    },
  ],
  [
    "OpenTelemetry",
    ({ input, read, written, output, reasoning }) =>
      sent("codex.sse_event", {
        "conversation.id": "c",
        input_token_count: input,
        cached_token_count: read,
        cache_write_token_count: written,
        output_token_count: output,
        reasoning_token_count: reasoning,
      }),
  ],
  ["Codex's driver", (counts) => driven("codex", { ...COMPLETED, usage: codexTokens(counts) })],
  [
    "the driver of an agent of one's own",
    async (counts) =>
      reported(
        await readOwnReport({ usage: OWN_FIELDS, capture: capture(counts), home: "/nowhere" }),
      ),
  ],
  [
    "the proxy, by Responses",
    (counts) => metered(new OpenaiResponsesMeter(), { usage: responsesUsage(counts) }),
  ],
  ["the proxy, by Chat", (counts) => metered(new OpenaiChatMeter(), { usage: chatUsage(counts) })],
];

describe.each(OPENAI)("OpenAI's counts, as %s reads them,", (_name, read) => {
  it.each([
    [
      "have the cached tokens inside the input",
      { input: 1000, read: 700, written: 100, output: 50, reasoning: 20 },
      { input_uncached: 200, cache_read: 700, cache_write_5m: 100, output: 50, reasoning: 20 },
    ],
    ["may say nothing of a cache", { input: 9, output: 5 }, { input_uncached: 9, output: 5 }],
    [
      "have reasoning apart if it is larger than the output",
      { input: 9, output: 5, reasoning: 6 },
      { input_uncached: 9, output: 11, reasoning: 6 },
    ],
  ])("%s", async (_title, counts, expected) => {
    expect(await read(counts)).toEqual(expected);
  });

  it("are unknown if more is cached than there is of input", async () => {
    expect(await read({ input: 1000, read: 1200, output: 0 })).toEqual(sayFault(1000, 1200));
    const written = { input: 1000, read: 900, written: 200, output: 5 };
    expect(await read(written)).toEqual(sayFault(1000, 1100));
  });
});

function sayFault(input: number, cached: number): Told {
  const got = `${String(input)} of input and ${String(cached)} cached`;
  return { fault: `Expected input that contains the cached tokens, got ${got}.` };
}

const GEMINI: readonly [string, Reader][] = [
  [
    "the proxy",
    ({ input, cached, output, thoughts }) =>
      metered(new GeminiMeter(), {
        usageMetadata: {
          promptTokenCount: input,
          cachedContentTokenCount: cached,
          candidatesTokenCount: output,
          thoughtsTokenCount: thoughts,
        },
      }),
  ],
  [
    "the driver",
    ({ input = 0, cached, output = 0, thoughts = 0 }) => {
      const total_tokens = input + output + thoughts;
      const stats = { total_tokens, input_tokens: input, output_tokens: output, cached };
      return driven("gemini", { type: "result", stats });
    },
  ],
];

describe.each(GEMINI)("Gemini's counts, as %s reads them,", (_name, read) => {
  it.each([
    [
      "have the cached tokens inside the input, and the thoughts apart from the output",
      { input: 20, cached: 8, output: 6, thoughts: 4 },
      { input_uncached: 12, cache_read: 8, output: 10, reasoning: 4 },
    ],
    [
      "are unknown if more is cached than there is of input",
      { input: 3, cached: 4, output: 6, thoughts: 0 },
      sayFault(3, 4),
    ],
  ])("%s", async (_title, counts, expected) => {
    expect(await read(counts)).toEqual(expected);
  });
});
