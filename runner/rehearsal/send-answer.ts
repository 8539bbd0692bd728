import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import type { ScriptedAnswer } from "./play-answer.ts";
import type { ModelProfile } from "./profile.ts";
import { type AnswerForm, OPENING_OUTPUT_TOKENS } from "./stream-events.ts";

/** Shorter waits are added up, because a timer is not that exact. */
const SHORTEST_WAIT_MS = 4;

/** The receiver of an answer, its pace and its end. */
interface Delivery {
  readonly form: AnswerForm;
  readonly response: ServerResponse;
  readonly profile: ModelProfile;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** Called with the output tokens sent so far, whenever more have been sent. */
  readonly onOutput: (tokens: number) => void;
}

/** Sends the answer in one piece, after the time that a model would need. */
export async function sendWhole(answer: ScriptedAnswer, delivery: Delivery): Promise<void> {
  const { form, response, profile, signal, onOutput } = delivery;
  const outputTokens = answer.usage.output ?? 0;
  await wait(profile.latency_ms + (outputTokens / profile.tokens_per_second) * 1000, signal);
  onOutput(outputTokens);
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(form.whole(answer)));
}

/** Sends the answer event by event, at the profile's pace. */
export async function sendStream(answer: ScriptedAnswer, delivery: Delivery): Promise<void> {
  const { form, response, profile, signal, onOutput } = delivery;
  await wait(profile.latency_ms, signal);
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  });
  const events = form.stream(answer);
  const outputTokens = answer.usage.output ?? 0;
  const tokensPerEvent = outputTokens / Math.max(1, events.filter((e) => e.isContent).length);
  let sent = 0;
  let owedMs = 0;
  onOutput(Math.min(OPENING_OUTPUT_TOKENS, outputTokens));
  for (const { data, isContent } of events) {
    if (isContent) {
      owedMs += (tokensPerEvent / profile.tokens_per_second) * 1000;
      sent += tokensPerEvent;
    }
    if (owedMs >= SHORTEST_WAIT_MS) {
      await wait(owedMs, signal);
      owedMs = 0;
    }
    signal.throwIfAborted();
    const hasRoom = response.write(form.encode(data));
    if (!hasRoom) await once(response, "drain", { signal });
    if (sent > OPENING_OUTPUT_TOKENS) onOutput(Math.floor(sent));
  }
  onOutput(outputTokens);
  response.end(form.closing);
}

async function wait(durationMs: number, signal: AbortSignal): Promise<void> {
  if (durationMs > 0) await sleep(durationMs, undefined, { signal });
  signal.throwIfAborted();
}
