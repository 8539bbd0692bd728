import { createServer } from "node:http";

import type { Clock } from "../../ledger/domain/clock.ts";
import { closeServer, listenOnLoopback } from "../platform/http/listen-on-loopback.ts";
import { Conversations } from "./conversations.ts";
import { conclude, type DealtAnswer, openExchange } from "./exchange.ts";
import { respond, type Stage } from "./respond.ts";

interface ScriptedModelOptions extends Omit<Stage, "conversations"> {
  readonly clock: Clock;
}

export interface ScriptedModel {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string;
  /** One entry for each request whose answer has ended, in the order of the requests. */
  dealt(): readonly DealtAnswer[];
  /** Ends every connection, also those with an answer under way. */
  stop(): Promise<void>;
}

/**
 * Starts a server on loopback that plays the scripts through Anthropic's Messages API, OpenAI's Responses
 * and Chat Completions APIs and Google's Gemini API.
 */
export async function startScriptedModel(options: ScriptedModelOptions): Promise<ScriptedModel> {
  const { seed, profiles, scripts, clock } = options;
  const empty = scripts.find((script) => script.variants.length === 0);
  if (empty) throw new Error(`The script of "${empty.featureId}" has no variant to write.`);
  // A later session must not repeat ids that the ledger has from this one.
  const conversations = new Conversations(clock.nowMs().toString(36));
  const stage = { seed, profiles, scripts, conversations };
  const ended = new Map<string, DealtAnswer | undefined>();
  const server = createServer((request, response) => {
    const requestId = conversations.newRequestId();
    ended.set(requestId, undefined);
    const onEnd = (dealt: DealtAnswer): void => void ended.set(requestId, dealt);
    const exchange = openExchange({ request, response }, requestId, onEnd);
    void conclude(exchange, () => respond(exchange, stage));
  });
  return {
    url: await listenOnLoopback(server),
    dealt: () => [...ended.values()].filter((dealt) => dealt !== undefined),
    stop: () => closeServer(server),
  };
}
