import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { NewRow } from "../../../../ledger/domain/row.ts";
import { UNBOUNDED } from "../../../gateway/budgets/budget-unit.ts";
import { HASH_THERE } from "../cite-anew.ts";
import type { AttemptOutput, Claim, Spent, Switchboard, WindowJob } from "../switchboard.ts";

/** A board of the kind under test, with what else a test needs. */
export interface BoardUnderTest {
  readonly board: Switchboard;
  /** Lets the worker of every claim be silent for too long. */
  readonly loseClaims: () => Promise<void>;
  readonly rowsOf: (file: "windows" | "budgets") => Promise<readonly Record<string, unknown>[]>;
  readonly budget: () => Promise<{ readonly spent: number; readonly reserved: number }>;
  readonly close: () => Promise<void>;
}

const EXPERIMENT = "0123456789ab";
const WORKER = { name: "one", machineClass: "small", experiments: [EXPERIMENT] };
const OUTPUT: AttemptOutput = { outcome: "pass", reason: null, quality: 1, usage: { requests: 1 } };

/** What every switchboard keeps, whatever it keeps its windows in. */
export function describeSwitchboard(kind: string, open: () => Promise<BoardUnderTest>): void {
  describe(`${kind}: the contract of every switchboard`, () => {
    let under: BoardUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.close());

    describeQueue(() => under);
    describeStop(() => under);
    describeFence(() => under);
    describeBudget(() => under);
    describeLostBudget(() => under);
  });
}

function describeQueue(under: () => BoardUnderTest): void {
  it("hands a window to one worker", async () => {
    const { board } = under();
    await openSession(board);
    await board.enqueue(jobOf("W0-01"));
    const claims = await Promise.all([1, 2, 3].map(async () => await board.claim(WORKER)));
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  });

  it("takes a window once, however often it is handed in", async () => {
    const { board } = under();
    await openSession(board);
    const ids = [await board.enqueue(jobOf("W0-01")), await board.enqueue(jobOf("W0-01"))];
    expect(new Set(ids).size).toBe(1);
  });

  it("gives the second window of a pair to a machine of the first one's class", async () => {
    const { board } = under();
    await openSession(board);
    await board.enqueue(jobOf("W0-01"));
    await finish(board, await claimed(board), 10);
    expect(await board.classOf(EXPERIMENT, ["W0-01", "W0-02"])).toBe("small");
    await board.enqueue(jobOf("W0-02", "small"));
    expect(await board.claim({ ...WORKER, name: "two", machineClass: "large" })).toBeNull();
    expect(await board.claim(WORKER)).toMatchObject({ job: { planned: { window: "W0-02" } } });
  });

  it("numbers the windows in the order in which they are taken", async () => {
    const { board } = under();
    await openSession(board);
    for (const window of ["W0-01", "W0-02"]) await board.enqueue(jobOf(window));
    const orders = [await claimed(board), await claimed(board)].map((one) => one.executedOrder);
    expect(orders).toEqual([1, 2]);
  });

  it("takes back a window that no worker has, and none that one has or had", async () => {
    const { board, loseClaims } = under();
    await openSession(board);
    const taken = await board.enqueue(jobOf("W0-01"));
    const lost = await claimed(board);
    const free = await board.enqueue(jobOf("W0-02"));
    const states = async () => {
      await board.withdraw([taken, free]);
      const found = await board.statesOf([taken, free]);
      return [taken, free].map((id) => found.get(id)?.state);
    };
    expect(await states()).toEqual(["active", "cancelled"]);
    expect(await board.enqueue(jobOf("W0-02"))).not.toBe(free);
    await loseClaims();
    expect(await states()).toEqual(["waiting", "cancelled"]);
    await board.withdraw([taken]);
    expect(lost.id).toBe(taken);
  });
}

function describeStop(under: () => BoardUnderTest): void {
  it("drops what waits when a session is stopped, and says why to those at work", async () => {
    const { board } = under();
    await openSession(board);
    const id = await board.enqueue(jobOf("W0-01"));
    await board.stop(EXPERIMENT, "interrupted");
    expect(await board.claim(WORKER)).toBeNull();
    expect((await board.statesOf([id])).get(id)).toMatchObject({ state: "cancelled" });
    expect(await board.orderOf(EXPERIMENT)).toEqual({ goesOn: false, why: "interrupted" });
    expect(await board.sessions()).toEqual([]);
  });

  it("drops a window that is handed in when the session is stopped", async () => {
    const { board } = under();
    await openSession(board);
    await board.stop(EXPERIMENT, "interrupted");
    const id = await board.enqueue(jobOf("W0-01"));
    expect((await board.statesOf([id])).get(id)).toMatchObject({ state: "cancelled" });
    expect(await board.claim(WORKER)).toBeNull();
  });
}

function describeFence(under: () => BoardUnderTest): void {
  it("completes a window, its rows and its budget together, and once", async () => {
    const { board, rowsOf, budget } = under();
    await openSession(board, 1000);
    await board.reserve(EXPERIMENT, new Map([["W0-01", tokens(100)]]));
    await board.enqueue(jobOf("W0-01"));
    const claim = await claimed(board);
    await board.begin(claim, [{ file: "windows", rows: [opened(1)] }]);
    expect(await finish(board, claim, 40)).toBe("done");
    // As after an answer that was lost with its connection.
    expect(await finish(board, claim, 40)).toBe("done");
    expect((await rowsOf("windows")).map(({ record }) => record)).toEqual([
      "window_opened",
      "window_finalized",
    ]);
    expect(await budget()).toEqual({ spent: 40, reserved: 0 });
  });

  it("delivers the window of a silent worker again, and takes nothing final from the first", async () => {
    const { board, loseClaims, rowsOf } = under();
    await openSession(board);
    await board.enqueue(jobOf("W0-01"));
    const first = await claimed(board);
    await board.begin(first, [{ file: "windows", rows: [opened(1)] }]);
    await loseClaims();
    const second = await claimed(board);
    expect(second).toMatchObject({ id: first.id, delivery: first.delivery + 1 });
    expect(await board.keep(first)).toBe(false);
    expect(await board.begin(first, [{ file: "windows", rows: [opened(9)] }])).toBe("lost");
    expect(await finish(board, first, 5)).toBe("lost");
    await board.begin(second, [{ file: "windows", rows: [opened(2)] }]);
    expect(await finish(board, second, 5)).toBe("done");
    expect((await rowsOf("windows")).map(({ n }) => n)).toEqual([1, 2, 0]);
  });

  it("lets a final row cite its snapshots by the hashes that they have here", async () => {
    const { board, rowsOf } = under();
    await openSession(board);
    await board.enqueue(jobOf("W0-01"));
    const claim = await claimed(board);
    const snapshots = {
      file: "snapshots",
      rows: [{ ...row("s", "snapshot_taken"), [HASH_THERE]: "there" }],
    } as const;
    await board.begin(claim, [snapshots]);
    const final = { ...row("z", "window_finalized"), snapshots: ["there"] };
    const rows = [{ file: "windows", rows: [final] } as const, snapshots];
    await board.finish(claim, { rows, spent: NONE, output: OUTPUT });
    const [written] = await rowsOf("windows");
    expect(written?.["snapshots"]).not.toEqual(["there"]);
    expect(String(written?.["snapshots"])).toMatch(/^[\w-]{43}$/u);
  });
}

function describeBudget(under: () => BoardUnderTest): void {
  it("sets aside at most the cap, however many ask at once", async () => {
    const { board, budget } = under();
    await openSession(board, 1000);
    const asked = Array.from({ length: 8 }, async (_, index) =>
      board.reserve(EXPERIMENT, new Map([[`W0-0${String(index)}`, tokens(300)]])),
    );
    const rooms = await Promise.all(asked);
    expect(rooms.filter((room) => room === null)).toHaveLength(3);
    expect(await budget()).toEqual({ spent: 0, reserved: 900 });
  });

  it("sets a pair aside whole or not at all, and each window once", async () => {
    const { board, budget } = under();
    await openSession(board, 500);
    const pair = new Map([
      ["W0-01", tokens(300)],
      ["W0-02", tokens(300)],
    ]);
    expect(await board.reserve(EXPERIMENT, pair)).toEqual({
      unit: "tokens",
      cap: 500,
      spent: 0,
      reserved: 0,
      requested: 600,
    });
    expect(await budget()).toEqual({ spent: 0, reserved: 0 });
    const one = new Map([["W0-01", tokens(300)]]);
    for (let times = 0; times < 2; times += 1) await board.reserve(EXPERIMENT, one);
    expect(await budget()).toEqual({ spent: 0, reserved: 300 });
    // What the pair has already is not what others might leave.
    expect(await board.reserve(EXPERIMENT, pair)).toMatchObject({ reserved: 0, requested: 600 });
    const other = new Map([["W0-03", tokens(300)]]);
    expect(await board.reserve(EXPERIMENT, other)).toMatchObject({ reserved: 300, requested: 300 });
    await board.giveUp(EXPERIMENT, ["W0-01"]);
    expect(await budget()).toEqual({ spent: 0, reserved: 0 });
  });

  it("takes another cap when a session is opened again, and keeps what is set aside", async () => {
    const { board, budget } = under();
    await openSession(board, 100);
    expect(await board.reserve(EXPERIMENT, new Map([["W0-01", tokens(80)]]))).toBeNull();
    await openSession(board, 200);
    expect(await board.reserve(EXPERIMENT, new Map([["W0-02", tokens(80)]]))).toBeNull();
    expect(await budget()).toEqual({ spent: 0, reserved: 160 });
  });

  it("refuses a window without an allowance under a cap", async () => {
    const { board } = under();
    await openSession(board, 1000);
    expect(await board.reserve(EXPERIMENT, new Map([["W0-01", UNBOUNDED]]))).not.toBeNull();
    await board.enqueue(jobOf("W0-01"));
    expect(await board.begin(await claimed(board), [])).toMatchObject({ unit: "tokens" });
  });
}

function describeLostBudget(under: () => BoardUnderTest): void {
  it("counts a lost attempt's allowance as spent until it says what it took", async () => {
    const { board, loseClaims, budget } = under();
    await openSession(board, 1000);
    await board.reserve(EXPERIMENT, new Map([["W0-01", tokens(300)]]));
    await board.enqueue(jobOf("W0-01"));
    const first = await claimed(board);
    await board.begin(first, []);
    await loseClaims();
    const second = await claimed(board);
    await board.begin(second, []);
    expect(await budget()).toEqual({ spent: 300, reserved: 300 });
    await board.recordLate(first, { rows: [], spent: { ...NONE, tokens: 120 } });
    await board.recordLate(first, { rows: [], spent: { ...NONE, tokens: 120 } });
    expect(await budget()).toEqual({ spent: 120, reserved: 300 });
    await finish(board, second, 200);
    expect(await budget()).toEqual({ spent: 320, reserved: 0 });
  });

  it("does not deliver a window again that the rest of the budget does not cover", async () => {
    const { board, loseClaims, budget } = under();
    await openSession(board, 500);
    await board.reserve(EXPERIMENT, new Map([["W0-01", tokens(300)]]));
    await board.enqueue(jobOf("W0-01"));
    const first = await claimed(board);
    await board.begin(first, []);
    await loseClaims();
    const second = await claimed(board);
    expect(await board.begin(second, [])).toMatchObject({ requested: 300 });
    await finish(board, second, 0);
    expect(await budget()).toEqual({ spent: 300, reserved: 0 });
    await board.recordLate(first, { rows: [], spent: { ...NONE, tokens: 120 } });
    expect(await budget()).toEqual({ spent: 120, reserved: 0 });
  });
}

const NONE: Spent = { tokens: 0, usd: 0, minutes: 0 };

function tokens(amount: number) {
  return { ...UNBOUNDED, tokens: amount };
}

async function openSession(board: Switchboard, cap: number | null = null): Promise<void> {
  const caps = { ...UNBOUNDED, tokens: cap };
  const ids = { experimentId: EXPERIMENT, sessionId: "session" };
  await board.openSession({ ...ids, details: {}, caps, spent: NONE, executedOrder: 0 });
}

async function claimed(board: Switchboard): Promise<Claim> {
  const claim = await board.claim(WORKER);
  if (claim === null) throw new Error("No window waits.");
  return claim;
}

async function finish(board: Switchboard, claim: Claim, spent: number): Promise<"done" | "lost"> {
  const { window } = claim.job.planned;
  const final = { ...row(`final-${window}`, "window_finalized"), window };
  const rows = [{ file: "windows", rows: [final] }] as const;
  return await board.finish(claim, { rows, spent: { ...NONE, tokens: spent }, output: OUTPUT });
}

function opened(n: number): NewRow {
  return { ...row(`opened-${String(n)}`, "window_opened"), n };
}

function row(id: string, record: string): NewRow {
  return { id, record, n: 0, experiment_id: EXPERIMENT, window: "W0-01" };
}

function jobOf(window: string, machineClass: string | null = null): WindowJob {
  const planned = {
    window,
    provider: "p",
    featureId: "f",
    replicate: 1,
    period: 1,
    command: "/implement f",
  };
  return { experimentId: EXPERIMENT, sessionId: "session", planned, machineClass };
}
