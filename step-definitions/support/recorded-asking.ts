import type { DataTable } from "@cucumber/cucumber";

import { send } from "../../runner/gateway/proxy/test-support/send.ts";
import { openProxyOf } from "./open-proxy.ts";
import type { ExperimentWorld } from "./world.ts";

const PROVIDER = "plain";
/** Bytes that no two requests have in common, as agents put dates and sessions into them. */
let moment = 0;

/** Asks through the open proxy, row by row; hands back the numbers of the answers, `none` for a refusal. */
export async function askRows(world: ExperimentWorld, table: DataTable): Promise<string> {
  const numbers: string[] = [];
  for (const row of table.hashes()) {
    const url = openProxyOf(world).address(PROVIDER) + (row["PATH"] ?? "");
    const sender = row["SENDER"] ?? "";
    const headers = sender === "main" ? {} : { "x-claude-code-agent-id": sender };
    const { body } = await send(url, { headers, body: bodyOf(row) });
    numbers.push(/"text":"(\d+)"/.exec(String(body))?.[1] ?? "none");
  }
  return numbers.join(", ");
}

function bodyOf({ MODEL, MESSAGES, WORDS = "go on" }: Readonly<Record<string, string>>): string {
  moment += 1;
  const messages = Array.from({ length: Number(MESSAGES) }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    content: WORDS,
  }));
  const model: unknown = JSON.parse(`"${MODEL ?? ""}"`);
  return JSON.stringify({ model, metadata: { user_id: `session ${String(moment)}` }, messages });
}
