import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Clock } from "../../ledger/domain/clock.ts";
import { Conversations } from "./conversations.ts";
import type { DealtAnswer } from "./dealt-answer.ts";
import { conclude, openExchange } from "./exchange.ts";
import type { ModelProfile } from "./profile.ts";
import { respond } from "./respond.ts";
import type { TaskScript } from "./task-script.ts";

export interface ScriptedModelOptions {
  readonly seed: string;
  /** Profiles by model name. */
  readonly profiles: Readonly<Record<string, ModelProfile>>;
  readonly scripts: readonly TaskScript[];
  readonly clock: Clock;
}

export interface ScriptedModel {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string;
  /** One entry per request whose answer has ended, in the order in which the requests came. */
  dealt(): readonly DealtAnswer[];
  /** Ends every connection, answers under way included. */
  stop(): Promise<void>;
}

/** Starts a server on loopback that speaks Anthropic's Messages API and OpenAI's Responses API, and plays the scripts. */
export async function startScriptedModel(options: ScriptedModelOptions): Promise<ScriptedModel> {
  const { seed, profiles, scripts, clock } = options;
  const empty = scripts.find((script) => script.variants.length === 0);
  if (empty) throw new Error(`The script of "${empty.featureId}" has no variant to write.`);
  // Ids must not come again in a later session whose ledger already knows this one's.
  const conversations = new Conversations(clock.nowMs().toString(36));
  const stage = { seed, profiles, scripts, conversations };
  const ended = new Map<string, DealtAnswer | undefined>();
  const server = createServer((request, response) => {
    const requestId = conversations.newRequestId();
    ended.set(requestId, undefined);
    const onEnd = (dealt: DealtAnswer): void => void ended.set(requestId, dealt);
    const exchange = openExchange({ request, response, requestId, onEnd });
    void conclude(exchange, () => respond(exchange, stage));
  });
  const { port } = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    dealt: () => [...ended.values()].filter((dealt) => dealt !== undefined),
    stop: () => close(server),
  };
}

async function listen(server: Server): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
