import { readdirSync, readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import { tokensIn } from "../../../ledger/domain/token-basis.ts";
import { NO_USAGE } from "../../../ledger/domain/usage.ts";
import { driverNamed } from "../../agents/drivers/registry.ts";
import type { Respond } from "../../gateway/proxy/test-support/fake-upstream.ts";
import type { DealtAnswer } from "../../rehearsal/exchange.ts";
import { readSessionLogs } from "./test-support/read-session-logs.ts";
import {
  CLIENTS,
  lacking,
  OTHER_DIALECTS,
  runClient,
  titled,
  tokensOf,
} from "./test-support/run-client.ts";
import { MODEL, scripted } from "./test-support/scripted-task.ts";

const CODEX = { name: "codex", command: "codex" };

function modelsOf(events: readonly ProxiedRequest[]) {
  return [...new Set(events.map(({ requested_model: model }) => model))];
}

function isNoTitle({ conversation }: DealtAnswer): boolean {
  return conversation !== null;
}

describe.each(titled([...CLIENTS, ...OTHER_DIALECTS]))("%s", (_, client) => {
  const isSkipped = lacking(client);

  test.skipIf(isSkipped)("works on a task, and every token is counted", async () => {
    const server = await scripted({});
    const run = await runClient(client, server.url);
    expect(run.end).toMatchObject({ endedBy: "itself", exitCode: 0, unkilled: 0 });
    expect(readdirSync(run.cwd, { recursive: true })).toContain("src/lru-cache.ts");
    expect(run.isHomeAlone()).toBe(true);
    // opencode looks for packages of its own, and does without them.
    expect(run.connections?.blocked).toHaveLength(client.name === "opencode" ? 1 : 0);
    expect(run.connections?.tunnelled).toEqual([]);
    expect(readFileSync(run.capture, "utf8")).not.toContain(run.key);
    const dealt = server.dealt().filter(({ status }) => status === 200);
    expect(tokensOf(run.events)).toEqual(tokensOf(dealt));
    // Only opencode leaves its title out of its own report.
    const titles = dealt.filter((one) => !isNoTitle(one));
    expect(titles).toHaveLength(client.name === "opencode" ? 1 : 0);
    const { usage = NO_USAGE, isPartial = false } = run.report;
    expect(tokensIn("all", usage)).toBe(tokensOf(dealt).all - tokensOf(titles).all);
    expect(await readSessionLogs(client.name, run.home)).toEqual(tokensOf(dealt.filter(isNoTitle)));
    expect(isPartial).toBe(client.name === "opencode");
  });
});

test.skipIf(lacking(CODEX))("Codex offers its agent other models for sub-agents", async () => {
  let asked = "";
  const refuse: Respond = (response, { body }) => {
    asked = String(body);
    response.writeHead(400).end();
  };
  await runClient(CODEX, refuse, { requestsMax: 1 });
  const offered = asked.matchAll(/- `([^`]+)`: /gu);
  const { otherModels = [] } = driverNamed(CODEX.name);
  expect(new Set([...offered].map(([, model]) => model))).toEqual(new Set(otherModels));
});

/** Codex offers sub-agents to models that it knows only, and pi has none. */
const DELEGATING = CLIENTS.filter(({ name }) => name !== "codex" && name !== "pi");

describe.each(titled(DELEGATING))("sub-agents: %s", (_, client) => {
  test.skipIf(lacking(client))("are counted in the window of their parent", async () => {
    const server = await scripted({ subagents: true });
    const run = await runClient(client, server.url);
    expect(run.end).toMatchObject({ endedBy: "itself", exitCode: 0 });
    const dealt = server.dealt().filter(({ status }) => status === 200);
    expect(tokensOf(run.events)).toEqual(tokensOf(dealt));
    expect(modelsOf(run.events)).toEqual([MODEL]);
    const own = dealt.filter(({ conversation }) => conversation === null);
    const titles = client.name === "opencode" ? own.slice(0, 1) : [];
    const logged = dealt.filter((one) => !titles.includes(one));
    expect(await readSessionLogs(client.name, run.home)).toEqual(tokensOf(logged));
    const ofSubagents = run.events.filter(({ subagent_id: id }) => id !== null);
    // Gemini CLI and Qwen Code do not say which requests are a sub-agent's.
    const tells = client.name === "claude-code" || client.name === "opencode";
    expect(ofSubagents.length > 0).toBe(tells);
    expect(own.length).toBeGreaterThan(client.name === "opencode" ? 1 : 0);
  });
});
