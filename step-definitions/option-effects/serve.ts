import { send } from "../../runner/gateway/proxy/test-support/send.ts";
import { call, callUntil, type Place } from "./call.ts";

const ADDRESS = /^\w+ \(\S+\): (?<url>http\S+)$/gmu;
const REQUEST = {
  model: "model-a",
  max_tokens: 2000,
  stream: true,
  messages: [{ role: "user", content: "Say something." }],
};

/** Calls any command. One that serves until Ctrl-C gets requests and is asked for its status. */
export async function callAny(line: string, place: Place): Promise<readonly (number | string)[]> {
  const [group, command] = line.trim().split(/ +/u);
  const isFollowing =
    line.includes("--watch") ||
    (group === "schedule" && command === "run" && !line.includes("--once"));
  if (group === "view" || isFollowing)
    return await callUntil(line, place, async () => await Promise.resolve([]));
  if (group !== "proxy" || command === "explain") return await call(line, place);
  if (command !== "status") {
    return await callUntil(line, place, async (printed) => [
      ...(await askAll(printed)),
      ...(await call("proxy status --json", place)),
    ]);
  }
  return await callUntil("proxy", place, async () => await call(line, place));
}

/** One request to each address that the proxy has printed, one after the other. */
async function askAll(printed: string): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const { groups } of printed.matchAll(ADDRESS)) {
    const { status, body, isWhole } = await send(`${groups?.["url"] ?? ""}/v1/messages`, {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(REQUEST),
    });
    answers.push(`${String(status)} ${String(isWhole)}`, body.toString());
  }
  return answers;
}
