import { expect, test } from "vitest";

import { proxyBefore } from "./test-support/proxy-under-test.ts";
import { send } from "./test-support/send.ts";

const EVENT = `data: {"choices":[{"index":0,"delta":{"content":"some words"}}]}\n\n`;
const SENTENCE = "The cap is reached.";

/** Asks an upstream for an answer that ends only if the proxy cuts it, or with its last piece. */
async function cutAnswer(contentType: string, pieces: readonly string[], isEndless: boolean) {
  const { attempt, events } = await proxyBefore(
    (response) => {
      response.writeHead(200, contentType === "" ? {} : { "content-type": contentType });
      for (const piece of pieces) response.write(piece);
      if (!isEndless) response.end();
    },
    {
      admission: {
        admit: () => ({ admitted: true, reservation: "r" }),
        settle: () => undefined,
        observe: () => ({ budget: "implement", sentence: SENTENCE }),
      },
    },
  );
  const body = '{"model":"m","stream":true}';
  const answer = await send(`${attempt.url}/v1/chat/completions`, { body });
  return { text: String(answer.body), error: events[0]?.error };
}

test.each(["text/event-stream", "text/plain", "application/octet-stream", ""])(
  "a stream of events is cut whatever its content type: %j",
  async (type) => {
    const { text, error } = await cutAnswer(type, [EVENT, EVENT.slice(0, 9)], true);
    expect(error).toBe("budget_cut");
    expect(text.startsWith(EVENT)).toBe(true);
    expect(text).toContain(SENTENCE);
  },
);

test.each(["application/json", "text/plain"])("a document is never cut: %s", async (type) => {
  const document = `{"model":"m",\n\n"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}`;
  const { text, error } = await cutAnswer(type, [document.slice(0, 20), document.slice(20)], false);
  expect([text, error]).toEqual([document, null]);
});
