import type { Respond } from "./fake-upstream.ts";

/** How an answer breaks: within an event, or with an event that says that the vendor is overloaded. */
type Break = "cut" | "overloaded";

const ERROR = {
  type: "overloaded_error",
  message: "Overloaded",
  status: "UNAVAILABLE",
};
const OVERLOADED = `event: error\ndata: ${JSON.stringify({ type: "error", error: ERROR })}\n\n`;
/** Begins an event and does not end it. */
const CUT_BYTES = 20;

/** Passes requests on to a model server, and breaks the answers with certain numbers in their middle. */
export function breakAnswers(url: string, how: Break, isBroken: (nth: number) => boolean): Respond {
  return async (response, { method, url: path, headers, body }, nth) => {
    const key = String(headers["x-api-key"] ?? headers["x-goog-api-key"] ?? headers.authorization);
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { "content-type": "application/json", "x-api-key": key },
      ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get("content-type") ?? "";
    response.writeHead(answer.status, { "content-type": type });
    if (!isBroken(nth)) return void response.end(bytes);
    const events = bytes.subarray(0, bytes.lastIndexOf("\n\n", bytes.length / 2) + 2);
    if (how === "overloaded") return void response.end(`${String(events)}${OVERLOADED}`);
    const cut = bytes.subarray(0, events.length + CUT_BYTES);
    response.write(cut, () => response.destroy());
  };
}
