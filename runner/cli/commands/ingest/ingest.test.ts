import { expect, it } from "vitest";

import { CommandLab } from "../../test-support/command-lab.ts";

const READING = "--phase before --reading 5h=1 --at 2025-10-19T09:00:00Z";
const USAGE = { input_tokens: 100, output_tokens: 50 };
const MESSAGE = { id: "msg_1", role: "assistant", model: "glm-4.6", usage: USAGE };
const LINE = {
  type: "assistant",
  sessionId: "s1",
  requestId: "r1",
  timestamp: "2025-10-19T09:30:00.000Z",
  message: MESSAGE,
};

/** The provider that counts what Claude Code asked of GLM, if these windows are open. */
async function placeOfGuest(...windows: readonly string[]): Promise<string> {
  const lab = new CommandLab();
  for (const window of ["W0-01 --provider claude", ...windows]) {
    await lab.json(`override --window ${window} ${READING}`);
  }
  const log = lab.file("session.jsonl", LINE);
  const { out } = await lab.run(`ingest claude-session ${log} --by-time`);
  return out;
}

it("gives what Claude Code asked of GLM to the only open window of GLM", async () => {
  expect(await placeOfGuest("W0-02 --provider glm")).toContain("W0-02 (glm)  main");
});

it("gives it to Claude's window if GLM has none", async () => {
  expect(await placeOfGuest()).toContain("W0-01 (claude)  main");
});

it("gives it to no window if GLM has two, not to Claude's", async () => {
  const place = await placeOfGuest("W0-02 --provider glm", "W0-03 --provider glm");
  expect(place).toContain("none (ambiguous-time)  main");
});

/** A message of Claude Code with so many tokens of output. */
function said(id: string, output_tokens: number, at = "09:30") {
  const message = { ...MESSAGE, id, model: "claude-x", usage: { ...USAGE, output_tokens } };
  return { ...LINE, requestId: id, timestamp: `2025-10-19T${at}:00.000Z`, message };
}

function groupOf(events: number, output: number) {
  return { lane: "main", model: "claude-x", events, usage: { requests: events, output } };
}

it("writes each message once, in a row of its session", async () => {
  const lab = new CommandLab();
  const log = lab.file("a.jsonl", said("msg_1", 50), said("msg_2", 7));
  const ingest = `ingest claude-session ${log} --window W0-01 --agent sub1`;
  expect(await lab.json(ingest)).toMatchObject({
    files: 1,
    events: 2,
    new_events: 2,
    groups: [
      { ...groupOf(2, 57), window: "W0-01", provider: "claude", agent: "sub1", reason: null },
    ],
    problems: [],
  });
  expect(await lab.json(ingest)).toMatchObject({ events: 2, new_events: 0, groups: [], rows: [] });
  expect(lab.rows("usage")).toMatchObject([
    {
      record: "usage_ingested",
      experiment_id: "manual",
      origin: "claude-session",
      session: "s1",
      window: "W0-01",
      attempt: 1,
      provider: "claude",
      window_agent: "sub1",
      agent_id: "sub1",
      source: "ingest",
      reason: null,
      events: [{ lane: "main" }, { lane: "main" }],
    },
  ]);
  expect(lab.rows("usage")[0]).not.toHaveProperty("totals");
});

it("counts the largest of a message's lines, whichever comes first", async () => {
  const lab = new CommandLab();
  const log = lab.file("a.jsonl", said("msg_1", 50), said("msg_2", 7), said("msg_1", 5));
  const ingest = `ingest claude-session ${log} --window W0-01`;
  expect(await lab.json(ingest)).toMatchObject({ events: 2, groups: [groupOf(2, 57)] });
  lab.file("a.jsonl", said("msg_1", 60), said("msg_2", 7));
  expect(await lab.json(ingest)).toMatchObject({
    events: 2,
    new_events: 1,
    groups: [groupOf(1, 60)],
  });
  const { out } = await lab.run("reconcile --window W0-01 --json");
  expect(out).toContain('"output": 67');
});

it("gives each message to the window that was open then", async () => {
  const lab = new CommandLab();
  await lab.json(`override --window W0-01 --provider claude ${READING}`);
  await lab.json(
    "override --window W0-01 --provider claude --phase after --reading 5h=2 --at 2025-10-19T09:30:00Z",
  );
  const times = ["08:59", "09:00", "09:30", "09:31"];
  const log = lab.file("a.jsonl", ...times.map((at, index) => said(`msg_${index}`, 10, at)));
  const { groups } = await lab.json<{ readonly groups: unknown }>(
    `ingest claude-session ${log} --by-time`,
  );
  expect(groups).toMatchObject([
    { ...groupOf(2, 20), window: null, reason: "no-window" },
    { ...groupOf(2, 20), window: "W0-01", reason: null },
  ]);
  expect(lab.rows("usage")).toHaveLength(2);
});

it("says what it could not read, and keeps the rest", async () => {
  const lab = new CommandLab();
  const log = lab.file("a.jsonl", said("msg_1", 50), "{", "[");
  const { exitCode, out } = await lab.run(`ingest claude-session ${log} --window W0-01 --json`);
  const problems = [{ reason: "not-json", count: 2 }];
  expect([exitCode, JSON.parse(out)]).toMatchObject([1, { new_events: 1, problems }]);
});

it("adds the growth of a count, once", async () => {
  const lab = new CommandLab();
  const grownTo = async (inputTokens: number) => {
    const modelUsage = { "claude-x": { inputTokens, outputTokens: 1, costUSD: 0 } };
    const file = lab.file("r.json", { type: "result", session_id: "s2", modelUsage });
    await lab.json(`ingest claude-result ${file} --window W0-01`);
    return lab.rows("usage").map(({ events }) => events);
  };
  const first = [{ usage: { input_uncached: 100, output: 1 } }];
  expect(await grownTo(100)).toMatchObject([first]);
  expect(await grownTo(100)).toMatchObject([first]);
  expect(await grownTo(130)).toMatchObject([first, [{ usage: { input_uncached: 30 } }]]);
});
