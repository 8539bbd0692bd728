import { describe, expect, test } from "vitest";

import { breakAnswers } from "../../gateway/proxy/test-support/break-answers.ts";
import type { Respond } from "../../gateway/proxy/test-support/fake-upstream.ts";
import { CLIENTS, lacking, LIMIT_MS, runClient, titled } from "./test-support/run-client.ts";
import { scripted } from "./test-support/scripted-task.ts";

/** Some clients would try again for minutes; after so many failures the case is clear. */
const FAILURES_MAX = 2;
/** After so many of its tries, the rest of a patient client's time is skipped. */
const TRIES = 4;

/** The error that each API sends; clients read its words. */
const CREDIT = JSON.stringify({
  type: "error",
  error: {
    type: "invalid_request_error",
    code: "insufficient_quota",
    message: "Your credit balance is too low to access the API.",
  },
});
const FAILURE = JSON.stringify({
  type: "error",
  error: { type: "api_error", code: 1, message: "Not now" },
});

/** An upstream that gives the same answer for ever. */
function answering(status: number, headers: Readonly<Record<string, string>> = {}): Respond {
  return (response) => {
    response.writeHead(status, { ...headers, "content-type": "application/json" });
    response.end(status === 402 ? CREDIT : FAILURE);
  };
}

const FAULTS: readonly [string, Respond, string][] = [
  ["401", answering(401), "infrastructure"],
  ["a limit that resets in hours", answering(429, { "retry-after": "18000" }), "provider_limit"],
  ["no credit", answering(402), "provider_limit"],
  ["500", answering(500), "infrastructure"],
  [
    "an answer that breaks off",
    (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: {", () => response.destroy());
    },
    "infrastructure",
  ],
];

describe.each(titled(CLIENTS))("a provider that fails: %s", (_, client) => {
  const isSkipped = lacking(client);

  test.skipIf(isSkipped).each(FAULTS)("%s", async (_fault, respond, outcome) => {
    const run = await runClient(client, respond, { requestsMax: FAILURES_MAX });
    expect(run.end).toMatchObject({ unkilled: 0 });
    expect(run.verdict?.outcome).toBe(outcome);
  });

  // It tries again for as long as it may.
  const isPatient = client.name === "opencode";

  test.skipIf(isSkipped)("answers that break off after a good one", async () => {
    const server = await scripted({});
    let broken = 0;
    const respond = breakAnswers(server.url, "cut", (nth) => {
      if (nth > 1) broken += 1;
      return nth > 1;
    });
    const skippedMs = () => (isPatient && broken > TRIES ? LIMIT_MS : 0);
    const run = await runClient(client, respond, { skippedMs });
    expect(run.end).toMatchObject({ endedBy: isPatient ? "wall_limit" : "itself", unkilled: 0 });
    expect(run.events.some(({ status, error }) => status === 200 && error === null)).toBe(true);
    expect(run.verdict?.outcome).toBe("infrastructure");
    expect(run.verdict?.reason).toMatch(
      isPatient
        ? /^The last \d+ requests failed before .* a broken answer \(UND_ERR_SOCKET\)\.$/
        : /^The agent gave up after a broken answer \(UND_ERR_SOCKET\)\.$/,
    );
  });

  test.skipIf(isSkipped)("a spent budget ends it by itself", async () => {
    const server = await scripted({});
    const run = await runClient(client, server.url, { isRefused: true });
    expect(run.end).toMatchObject({ endedBy: "itself", unkilled: 0 });
    // Each request was refused, and opencode asked for more than a title.
    const refused = run.events.filter(({ refused_by: by }) => by !== null);
    expect(refused).toHaveLength(run.events.length);
    expect(refused.length).toBeGreaterThan(client.name === "opencode" ? 1 : 0);
    expect(server.dealt()).toEqual([]);
  });

  test.skipIf(isSkipped)("a flood of output ends it, with every process", async () => {
    const server = await scripted({});
    const run = await runClient(client, server.url, { outputBytesMax: 100 });
    expect(run.end).toMatchObject({ endedBy: "output_limit", unkilled: 0 });
  });

  test.skipIf(isSkipped)(
    "a model that never answers ends it at its time, with every process",
    async () => {
      let skippedMs = 0;
      // Once it has asked for work, the rest of its time is skipped. A request for a title offers no tools.
      const silence: Respond = (_response, { body }) => {
        if (body.includes('"tools"')) skippedMs = LIMIT_MS;
      };
      const run = await runClient(client, silence, { skippedMs: () => skippedMs });
      expect(run.end).toMatchObject({ endedBy: "wall_limit", unkilled: 0 });
    },
  );
});
