import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import { listenOnLoopback } from "../../runner/platform/http/listen-on-loopback.ts";

/** What the server counted for those who sent the same text. */
interface SentBy {
  readonly sender: string;
  /** The output tokens of each answer. No two answers take the same, and no two sums are equal. */
  readonly outputTokens: readonly number[];
}

/** A model server at which agents meet: it answers when so many have come, with what each has sent. */
export interface MeetingServer {
  readonly url: string;
  readonly stop: () => void;
  readonly sent: () => readonly SentBy[];
}

export async function startMeetingServer(size: number): Promise<MeetingServer> {
  const tokens = new Map<string, number[]>();
  const waiting: (() => void)[] = [];
  let answers = 0;
  const meet = async (request: IncomingMessage, response: ServerResponse) => {
    const sender = await contentOf(request);
    const outputTokens = 2 ** answers;
    answers += 1;
    tokens.set(sender, [...(tokens.get(sender) ?? []), outputTokens]);
    waiting.push(() => answer(response, [...tokens.keys()], outputTokens));
    if (tokens.size < size) return;
    for (const go of waiting.splice(0)) go();
  };
  const server = createServer((request, response) => void meet(request, response));
  const url = await listenOnLoopback(server);
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  const sent = () => [...tokens].map(([sender, outputTokens]) => ({ sender, outputTokens }));
  return { url, stop, sent };
}

/** The text of a request's only message. */
async function contentOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body: { messages: [{ content: string }] } = JSON.parse(String(Buffer.concat(chunks)));
  return body.messages[0].content;
}

function answer(response: ServerResponse, senders: readonly string[], outputTokens: number): void {
  const text = JSON.stringify(senders.map((sender): unknown => JSON.parse(sender)));
  const usage = { input_tokens: 1, output_tokens: outputTokens };
  const content = [{ type: "text", text }];
  const stop = { stop_reason: "end_turn", stop_sequence: null };
  response.writeHead(200, { "content-type": "application/json" });
  response.end(
    JSON.stringify({
      id: "msg_met",
      type: "message",
      role: "assistant",
      model: "any",
      content,
      ...stop,
      usage,
    }),
  );
}
