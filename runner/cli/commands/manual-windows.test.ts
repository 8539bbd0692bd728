import { expect, it } from "vitest";

import { fiveHours, pane, RESET, type Taken, WindowLab } from "../test-support/window-lab.ts";

const WORK = "--feature f --outcome pass --quality 0.5 --methodology m";
const COMMITS = "--commit-start 1a2b3c4 --commit-end 5d6e7f8";

it("a reading is in the ledger with its pane, and once", async () => {
  const lab = new WindowLab();
  const first = await lab.take("before", "09:00", 90, " --notes calm");
  expect(first).toMatchObject({
    is_there: false,
    meters: [fiveHours(10, "09:00")],
    notes: [],
    errors: [],
    anomalies: [],
  });
  expect(await lab.take("before", "09:05", 90)).toEqual({ ...first, is_there: true });
  expect(lab.rows("snapshots")).toMatchObject([
    {
      id: first.id,
      window: "W0-07",
      attempt: 1,
      provider: "codex",
      agent_id: "main",
      source: "alias",
      feature_id: null,
      phase: "before",
      raw: pane(90),
      parser: "codex-status",
      operator_notes: "calm",
      time_zone: "UTC",
      captured_at: "2025-10-19T09:00:00.000Z",
    },
  ]);
  expect(lab.rows("snapshots")[0]).not.toHaveProperty("supersedes");
});

it("a reading is refused out of its order", async () => {
  const lab = new WindowLab();
  const { id } = await lab.take("before", "09:00", 90);
  expect(await lab.refusal(lab.line("before", "09:01"), pane(80))).toBe(
    `3 W0-07 (codex): expected one "before", got a second one; the first was taken at 2025-10-19T09:00:00.000Z. Undo that first: experiment undo --id ${id}`,
  );
  expect(await lab.refusal(lab.line("after", "08:59"), pane(80))).toBe(
    `3 W0-07 (codex): expected an "after" that is not older than its "before" (2025-10-19T09:00:00.000Z), got one of 2025-10-19T08:59:00.000Z. Correct --at, or undo the before: experiment undo --id ${id}`,
  );
  expect(await lab.refusal(lab.line("after", "09:01", { window: "W0-08" }), pane(80))).toBe(
    '3 W0-08 (codex): expected a "before" ahead of the "after", got none. Take it with: experiment snapshot before …, in a window that has not been worked yet.',
  );
  expect(lab.rows("snapshots")).toHaveLength(1);
});

it("a reading that is the pane of its before proves nothing, unless the operator says that nothing was used", async () => {
  const lab = new WindowLab();
  const before = await lab.take("before", "09:00", 90);
  const same = await lab.take("after", "09:30", 90);
  expect(same.anomalies).toEqual([{ kind: "duplicate-pane", touches: [before.id, same.id] }]);
  await lab.complete(`${WORK} ${COMMITS}`);
  expect(await lab.audit()).toMatchObject({
    capacity: [{ name: "5h", unit: "percent", delta: null, flag: "duplicate-pane" }],
  });
  const idle = await lab.take("after", "09:40", 90, " --accept-idle");
  expect(idle).toMatchObject({ meters: [fiveHours(10, "09:30")], notes: ["accept-idle"] });
  expect(idle.anomalies).toEqual([{ kind: "duplicate-pane", touches: [before.id, idle.id] }]);
  expect(lab.rows("snapshots").at(-1)).toMatchObject({ supersedes: same.id });
  await lab.complete(`${WORK} ${COMMITS}`);
  expect(await lab.audit()).toMatchObject({
    capacity: [{ name: "5h", unit: "percent", delta: 0 }],
  });
  expect(lab.rows("anomalies").map(({ action }) => action)).toEqual([
    "The capacity stays unknown. If nothing was used, take the same after again with --accept-idle.",
    "The after was kept on the operator's word that nothing was used.",
  ]);
});

it("a reading right after a reset needs the operator's word", async () => {
  const lab = new WindowLab();
  const before = await lab.take("before", "12:59", 10);
  const late = lab.line("after", "13:03");
  expect(await lab.refusal(late, pane(99, "18:01"))).toBe(
    '3 W0-07 (codex): expected an "after" at least 5 minutes after a reset, got one at 2025-10-19T13:03:00.000Z, right after 5h at 2025-10-19T13:01:00.000Z. Take it again later, or add --late, which records an anomaly.',
  );
  const [after] = await lab.json<readonly Taken[]>(`${late} --late`, pane(99, "18:01"));
  expect(after).toMatchObject({
    notes: ["late-after"],
    anomalies: [
      { kind: "late-after", touches: [after?.id] },
      { kind: "reset-crossed", touches: [before.id, after?.id] },
    ],
  });
  expect(lab.rows("anomalies").map(({ observed }) => observed)).toEqual([
    { meter: "5h", resets_at: RESET, captured_at: "2025-10-19T13:03:00.000Z" },
    {
      meter: "5h",
      before: { used: 90, resets_at: RESET },
      after: { used: 1, resets_at: "2025-10-19T18:01:00.000Z" },
    },
  ]);
});

it("a reading needs no word before the work, or five minutes after a reset", async () => {
  const lab = new WindowLab();
  const before = await lab.json<readonly Taken[]>(lab.line("before", "13:02"), pane(99));
  expect(before[0]?.notes).toEqual(["stale-pane"]);
  expect(await lab.take("after", "13:06", 98)).toMatchObject({
    anomalies: [{ kind: "reset-crossed" }],
  });
});

it("a reading of more than 16,384 characters is kept in a file of its own", async () => {
  const lab = new WindowLab();
  const long = `${pane(90)}${" ".repeat(16_384)}\n`;
  await lab.json(lab.line("before", "09:00"), long);
  const [row] = lab.rows("snapshots");
  expect(row).toMatchObject({
    raw: null,
    raw_file: `captures/${String(row?.["raw_sha256"])}.txt`,
  });
});

it("a typed reading corrects what was read, at its time, and keeps the other meters", async () => {
  const lab = new WindowLab();
  await lab.take("before", "09:00", 90, " --notes calm");
  const typed = `override --window W0-07 --provider codex --phase before`;
  const [weekly] = await lab.json<readonly Taken[]>(`${typed} --reading weekly=7`);
  expect(weekly).toMatchObject({
    meters: [
      fiveHours(10, "09:00"),
      { name: "weekly", used: 7, as_of: "2025-10-19T09:00:00.000Z" },
    ],
    notes: ["typed:weekly"],
    errors: ["weekly: no reset was typed."],
  });
  const [both] = await lab.json<readonly Taken[]>(
    `${typed} --reading 5h=45@${RESET} --reading weekly=8@2025-10-25T21:11:00Z`,
  );
  expect(both).toMatchObject({
    meters: [fiveHours(45, "09:00"), { name: "weekly", used: 8 }],
    notes: ["typed:weekly", "typed:5h"],
    errors: [],
  });
  const [again] = await lab.json<readonly Taken[]>(
    `${typed} --reading 5h=45@${RESET} --reading weekly=8@2025-10-25T21:11:00Z`,
  );
  expect(again).toEqual({ ...both, is_there: true });
  expect(lab.rows("snapshots").slice(1)).toMatchObject([
    { source: "override", parser: "typed", operator_notes: "calm", raw: null },
    { source: "override", supersedes: weekly?.id },
  ]);
});

it("a typed reading names a reset that its limit can have", async () => {
  const lab = new WindowLab();
  const line = "override --window W0-07 --provider codex --phase before --at 2025-10-19T09:00:00Z";
  expect(await lab.refusal(`${line} --reading 5h=45@2025-10-19T23:01:00Z`)).toMatch(
    /^2 reset-implausible: expected a reset of 5h within 300 minutes of the reading at 2025-10-19T09:00:00.000Z, got 2025-10-19T23:01:00.000Z/u,
  );
  expect(await lab.json(`${line} --reading 5h=45@2025-10-19T14:00:00Z`)).toHaveLength(1);
});

it("a typed reading is judged like one that was read", async () => {
  const lab = new WindowLab();
  const line = "override --window W0-07 --provider codex --phase after --reading 5h=45";
  expect(await lab.refusal(`${line} --at 2025-10-19T09:00:00Z`)).toContain("ahead of the");
  await lab.take("before", "12:59", 10);
  await lab.json(`${line} --at 2025-10-19T13:10:00Z`);
  expect(await lab.refusal(`${line}@${RESET} --at 2025-10-19T13:03:00Z`)).not.toContain("--late");
});

async function workedLab() {
  const lab = new WindowLab();
  await lab.take("before", "09:00", 90);
  await lab.take("after", "09:40", 60);
  return lab;
}

it("a completion has the readings, the commits and what the operator says", async () => {
  const lab = await workedLab();
  const said = await lab.complete(`${WORK} ${COMMITS} --baseline codex --notes calm --reason why`);
  expect(said).toMatchObject({
    is_there: false,
    corrects: null,
    capacity: [{ name: "5h", unit: "percent", delta: 30 }],
    missing: [],
    baseline: "codex",
    tokens: null,
    tokens_by: null,
  });
  const hashes = lab.rows("snapshots").map(({ h }) => h);
  expect(lab.rows("windows")).toMatchObject([
    {
      id: said["id"],
      executed_order: 1,
      outcome: "pass",
      reason: "why",
      methodology: "m",
      commit_start: "1a2b3c4",
      commit_end: "5d6e7f8",
      opened_at: "2025-10-19T09:00:00.000Z",
      ended_at: "2025-10-19T09:40:00.000Z",
      duration_ms: 2_400_000,
      quality: 0.5,
      usage: { requests: 0 },
      earlier_attempts: { attempts: 0, usage: { requests: 0 } },
      meters: { before: [fiveHours(10, "09:00")], after: [fiveHours(40, "09:40")] },
      snapshots: hashes,
      cost: { measure: "tokens", amount: null, is_lower_bound: false },
      churn: null,
      anomalies: [],
      versions: { method: "by-hand-1" },
      operator_notes: "calm",
    },
  ]);
  expect(await lab.audit()).toMatchObject({ counts: true, missing: [], final: said["id"] });
});

it("a completion that says the same changes nothing, and another one corrects it in its place", async () => {
  const lab = await workedLab();
  const first = await lab.complete(`${WORK} ${COMMITS}`);
  expect(await lab.complete(`${WORK} ${COMMITS}`)).toMatchObject({
    id: first["id"],
    is_there: true,
    corrects: null,
  });
  const second = await lab.complete("--feature f --outcome partial");
  expect(second).toMatchObject({ is_there: false, corrects: first["id"] });
  expect(second["missing"]).toEqual([
    "no commit_start: experiment complete again with it",
    "no commit_end: experiment complete again with it",
    "no methodology: experiment complete again with it",
    "no quality: experiment complete again with --quality",
  ]);
  expect(lab.rows("windows")).toHaveLength(2);
  expect(lab.rows("windows")[1]).toMatchObject({ supersedes: first["id"], executed_order: 1 });
  expect(lab.rows("anomalies")).toMatchObject([
    {
      kind: "incomplete",
      touches: [second["id"]],
      observed: { missing: ["commit_start", "commit_end", "methodology"] },
    },
  ]);
});

it("a completion counts the windows in the order of their completions", async () => {
  const lab = await workedLab();
  await lab.complete(WORK);
  await lab.json(`complete --window W0-09 --provider glm ${WORK}`);
  expect(lab.rows("windows").map((row) => row["executed_order"])).toEqual([1, 2]);
  expect(lab.rows("windows")[1]).toMatchObject({
    opened_at: "2025-10-19T10:00:00.000Z",
    ended_at: "2025-10-19T10:00:00.000Z",
    duration_ms: 0,
    snapshots: [],
  });
});

it("a completion counts what a log says, and no longer if the log's row is undone", async () => {
  const lab = await workedLab();
  const usage = { input_tokens: 100, output_tokens: 50 };
  const message = { id: "msg_1", role: "assistant", model: "m", usage };
  const at = "2025-10-19T09:30:00.000Z";
  const log = lab.file("a.jsonl", { type: "assistant", sessionId: "s", timestamp: at, message });
  const ingest = `ingest claude-session ${log} --window W0-07 --provider codex`;
  await lab.json(ingest);
  expect(await lab.complete(`${WORK} ${COMMITS}`)).toMatchObject({
    tokens: 150,
    tokens_by: "claude-session",
  });
  expect(lab.rows("windows")[0]).toMatchObject({ usage: { requests: 1, output: 50 } });
  const undone = await lab.json(`undo --id ${String(lab.rows("usage")[0]?.["id"])}`);
  expect(undone).toMatchObject({ what: "1 event of claude-session, session s" });
  expect(await lab.complete(`${WORK} ${COMMITS}`)).toMatchObject({
    tokens: null,
    tokens_by: null,
  });
  expect(await lab.json(ingest)).toMatchObject({ new_events: 1 });
});

it("a completion keeps its readings from being undone or corrected afterwards", async () => {
  const lab = await workedLab();
  const { id: final } = await lab.complete(`${WORK} ${COMMITS}`);
  const [before] = lab.rows("snapshots");
  expect(await lab.refusal(`undo --id ${String(before?.["id"])}`)).toBe(
    `3 --id ${String(before?.["id"])}: a later row of W0-07 (codex) was made from it. Undo that first: experiment undo --id ${String(final)}`,
  );
  expect(await lab.json("undo --window W0-07")).toEqual({
    id: final,
    what: "the completion of W0-07 (codex)",
  });
  expect(await lab.audit()).toMatchObject({
    counts: false,
    missing: ["not completed: experiment complete"],
  });
});

it("an undo takes the agent's last row, then the one before it", async () => {
  const lab = new WindowLab();
  const before = await lab.take("before", "09:00", 90);
  const after = await lab.take("after", "09:40", 60);
  expect(await lab.json("undo --reason typo")).toEqual({
    id: after.id,
    what: 'the "after" of W0-07 (codex), taken at 2025-10-19T09:40:00.000Z',
  });
  expect(lab.rows("snapshots").at(-1)).toMatchObject({
    record: "row_undone",
    undoes: after.id,
    experiment_id: "manual",
    window: "W0-07",
    provider: "codex",
    reason: "typo",
    source: "alias",
  });
  expect(await lab.json("undo")).toMatchObject({ id: before.id });
  expect(await lab.refusal("undo")).toBe(
    "2 main: expected a row of this agent that can be undone, got none. Name one with --id, or another agent with --agent.",
  );
});

it("an undo is refused a second time, and what was undone can be taken again", async () => {
  const lab = new WindowLab();
  const { id } = await lab.take("before", "09:00", 90);
  await lab.json(`undo --id ${id}`);
  expect(await lab.refusal(`undo --id ${id}`)).toBe(
    `3 --id ${id}: expected a row that counts, got one that was undone or corrected before. Nothing was written.`,
  );
  const again = await lab.take("before", "09:00", 90);
  expect(again).toMatchObject({ is_there: false });
  expect(again.id).not.toBe(id);
});

it("an undo finds the latest row that options name", async () => {
  const lab = new WindowLab();
  const before = await lab.take("before", "09:00", 90);
  lab.clock.advance(1000);
  const [other] = await lab.json<readonly Taken[]>(
    lab.line("before", "09:10", { window: "W0-08" }),
    pane(80),
  );
  lab.clock.advance(1000);
  const after = await lab.take("after", "09:40", 60);
  expect(await lab.json("undo --window W0-08")).toMatchObject({ id: other?.id });
  expect(await lab.json("undo --phase after")).toMatchObject({ id: after.id });
  expect(await lab.refusal("undo --provider claude")).toContain(
    "expected a row of claude that can be undone",
  );
  expect(await lab.refusal("undo --window W0-09 --phase after")).toContain(
    "a row of W0-09, after that",
  );
  expect(await lab.json("undo --provider codex")).toMatchObject({ id: before.id });
});

it("an undo takes no row of another agent, and no anomaly", async () => {
  const lab = new WindowLab();
  await lab.take("before", "12:59", 10);
  await lab.take("after", "13:03", 9, " --late");
  expect(await lab.refusal("undo --agent other")).toContain("other: expected a row of this agent");
  const anomaly = String(lab.rows("anomalies")[0]?.["id"]);
  expect(await lab.refusal(`undo --id ${anomaly}`)).toBe(
    `3 --id ${anomaly}: an anomaly never disappears. What it affects is shown as affected until that is undone or corrected. Nothing was written.`,
  );
});

it("a current window is started once, meant by commands, and ended by its name", async () => {
  const lab = new WindowLab();
  await lab.json("window start W0-10");
  expect(await lab.refusal("window start W0-11")).toBe(
    "3 main: expected no current window, got W0-10, started at 2025-10-19T10:00:00.000Z. End it first: experiment window end W0-10",
  );
  lab.clock.advance(1000);
  expect(await lab.json("window start W0-10")).toMatchObject({
    started_at: "2025-10-19T10:00:00.000Z",
  });
  await lab.json("snapshot before codex --at 2025-10-19T09:00:00Z", pane(90));
  expect(lab.rows("snapshots")).toMatchObject([{ window: "W0-10" }]);
  expect(await lab.refusal("window end W0-11")).toContain(
    "End that one: experiment window end W0-10",
  );
  expect(await lab.json("window end W0-10")).toMatchObject({ window: "W0-10" });
  expect(await lab.refusal("window end")).toContain("expected a current window, got none");
});

it("a current window moves to the next one when a reading ends it and opens that", async () => {
  const lab = new WindowLab();
  await lab.json("window start W0-10");
  await lab.json("snapshot before codex --at 2025-10-19T09:00:00Z", pane(90));
  await lab.json(lab.line("cross", "09:30", { window: "W0-11" }), pane(80));
  const places = lab.rows("snapshots").map((row) => [row["window"], row["phase"]]);
  expect(places).toEqual([
    ["W0-10", "before"],
    ["W0-10", "after"],
    ["W0-11", "before"],
  ]);
  expect(await lab.json("window end W0-11")).toMatchObject({ window: "W0-11" });
});
