import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";

import type { LedgerFile } from "../../../../ledger/domain/ledger-file.ts";
import type { NewRow } from "../../../../ledger/domain/row.ts";
import { timestampOf } from "../../../../ledger/domain/timestamp.ts";
import { genesisOf } from "../../../../ledger/store/ledger-header.ts";
import { readStoreAddress } from "../../../../ledger/store/postgres/store-address.ts";
import {
  type PrivateCluster,
  query,
  startPrivateCluster,
} from "../../../../ledger/store/postgres/test-support/private-cluster.ts";
import { prepareRow, stampRow } from "../../../../ledger/store/prepared-row.ts";
import type { Finding } from "../../../../ledger/verification/finding.ts";
import { verifyLedger } from "../../../../ledger/verification/verify-ledger.ts";
import { writeOutStore } from "../../../../ledger/verification/write-out-store.ts";
import { NOTHING, UNBOUNDED } from "../../../gateway/budgets/budget-unit.ts";
import { processEnvironment } from "../../../platform/environment/environment.ts";
import type { Claim, EndedAttempt } from "../switchboard.ts";
import { openBoard } from "./open-board.ts";

export const EXPERIMENT = "0123456789ab";
const { clock } = processEnvironment();
const CAP = 1000;
const ALLOWANCE = { ...UNBOUNDED, tokens: 100 };

/** A window that a worker has taken and begun. */
interface TakenWindow {
  readonly claim: Claim;
  readonly window: string;
}

export type Stage = Awaited<ReturnType<typeof openStage>> & { readonly url: string };

/**
 * A stage for each test around the call. Whatever a test has tried, the honest worker continues after it, no
 * budget has changed, and the ledger is whole.
 */
export function useStage(): () => Stage {
  let cluster: PrivateCluster | undefined;
  let stage: Stage | undefined;
  const current = () => {
    if (stage === undefined) throw new Error("The stage is not open.");
    return stage;
  };
  beforeAll(async () => {
    cluster = await startPrivateCluster();
  });
  afterAll(() => cluster?.stop());
  beforeEach(async () => {
    const url = (await cluster?.makeDatabase()) ?? "";
    stage = { ...(await openStage(url)), url };
  });
  afterEach(async () => {
    const { workers, honest, url, close } = current();
    expect(await workers.honest.keep(honest.claim)).toBe(true);
    expect(await workers.honest.finish(honest.claim, finalOf("W0-01", 60))).toBe("done");
    await close();
    expect(await findingsOf(url)).toEqual([]);
    const budgets = await query(url, "select cap, spent, reserved from counterbalance.budgets");
    expect(budgets).toEqual([{ cap: "1000", spent: "60", reserved: "200" }]);
  });
  return current;
}

/** A window that has ended well. */
export function finalOf(window: string, tokens: number): EndedAttempt {
  return {
    rows: [{ file: "windows", rows: [rowOf(window, "window_finalized")] }],
    spent: { ...NOTHING, tokens },
    output: { outcome: "pass", reason: null, quality: 1, usage: { requests: 1 } },
  };
}

/** What verification finds of a store, without what it can't check. */
async function findingsOf(url: string): Promise<readonly Finding[]> {
  const out = mkdtempSync(path.join(tmpdir(), "counterbalance-bad-worker-"));
  try {
    const address = readStoreAddress(url, "test");
    const found = await writeOutStore(address, { out, copy: path.join(out, "none") });
    const { findings } = verifyLedger(out, { mode: "full", isParsed: true });
    return [...(found ?? []), ...findings].filter(({ severity }) => severity === "damage");
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Two workers with log-ins of their own, each with a window, and one window that waits. */
export async function openStage(url: string) {
  await query(
    url,
    `do $$ begin
       if not exists (select from pg_roles where rolname = 'honest') then
         create role honest login; create role mallory login; create role clerk login;
       end if;
     end $$`,
  );
  const owner = await openBoard(url, { isOwner: true });
  await query(url, "grant counterbalance_worker to honest, mallory");
  await query(url, "grant counterbalance_recorder to clerk");
  await owner.board.openSession({
    experimentId: EXPERIMENT,
    sessionId: "one",
    details: {},
    caps: { ...UNBOUNDED, tokens: CAP },
    spent: NOTHING,
    executedOrder: 0,
  });
  const windows = ["W0-01", "W0-02", "W0-03"];
  await owner.board.reserve(EXPERIMENT, new Map(windows.map((window) => [window, ALLOWANCE])));
  const workers = { honest: await boardOf(url, "honest"), mallory: await boardOf(url, "mallory") };
  const [honest, mallory] = [
    await takeNext(owner, workers.honest, "honest"),
    await takeNext(owner, workers.mallory, "mallory"),
  ];
  await owner.board.enqueue(jobOf("W0-03"));
  return {
    owner: owner.board,
    workers: { honest: workers.honest.board, mallory: workers.mallory.board },
    honest,
    mallory,
    close: async () => {
      for (const one of [workers.honest, workers.mallory, owner]) await one.close();
    },
  };
}

type Opened = Awaited<ReturnType<typeof openBoard>>;

async function boardOf(url: string, user: string): Promise<Opened> {
  return await openBoard(asUser(url, user), { isOwner: false });
}

async function takeNext(owner: Opened, { board }: Opened, name: string): Promise<TakenWindow> {
  const window = name === "honest" ? "W0-01" : "W0-02";
  await owner.board.enqueue(jobOf(window));
  await board.greet({ name, host: "h", machineClass: "small", slots: 1, windows: [] });
  const claim = await board.claim({ name, machineClass: "small", experiments: [EXPERIMENT] });
  if (claim === null) throw new Error("No window waits.");
  await board.begin(claim, [{ file: "windows", rows: [rowOf(window, "window_opened")] }]);
  return { claim, window };
}

export function asUser(url: string, user: string): string {
  return url.replace("postgres@", `${user}@`);
}

export function rowOf(window: string, record: string): NewRow {
  return { record, experiment_id: EXPERIMENT, window };
}

export function jobOf(window: string) {
  const planned = {
    window,
    provider: "p",
    featureId: "f",
    replicate: 1,
    period: 1,
    command: "/implement f",
  };
  return { experimentId: EXPERIMENT, sessionId: "one", planned, machineClass: null };
}

/** Runs work of a user on one plain connection. */
export async function withClient<Value>(
  address: string,
  work: (client: Client) => Promise<Value>,
): Promise<Value> {
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

interface End {
  readonly seq: number;
  readonly h: string;
}

/** The line that would follow the last one of a file. */
export async function nextLine(client: Client, file: LedgerFile, row: NewRow): Promise<string> {
  return lineAfter(await endOf(client, file), { file, row });
}

export async function endOf(client: Client, file: LedgerFile): Promise<End> {
  const { rows } = await client.query<{ seq: string; h: string }>(
    "select seq, h from counterbalance.ledger_heads where file = $1",
    [file],
  );
  return { seq: Number(rows[0]?.seq ?? 0), h: rows[0]?.h ?? genesisOf("ledger", file) };
}

export function lineAfter(
  { seq, h }: End,
  { file, row, recordedAt }: { file: LedgerFile; row: NewRow; recordedAt?: string },
): string {
  const parts = { agentId: "a", toolVersion: "0", makeId: () => crypto.randomUUID() };
  const stamp = { seq: seq + 1, prev: h, recordedAt: recordedAt ?? timestampOf(clock.nowMs()) };
  return stampRow(prepareRow(file, row, parts), stamp).line;
}

/** Adds lines as the worker that holds a window would. */
export async function addLines(
  client: Client,
  { id, delivery }: Pick<Claim, "id" | "delivery">,
  given: readonly { readonly file: LedgerFile; readonly line: string }[],
): Promise<void> {
  const files = given.map(({ file }) => file);
  await client.query("begin");
  try {
    const { rows } = await client.query<{ answer: { state: string } }>(
      "select counterbalance.enter_claim($1, $2, false, $3, '{}') as answer",
      [id, delivery, files],
    );
    if (rows[0]?.answer.state !== "held")
      throw new Error(`It is ${String(rows[0]?.answer.state)}.`);
    await client.query("select counterbalance.begin_claim($1, $2, $3, $4)", [
      id,
      delivery,
      files,
      given.map(({ line }) => line),
    ]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}
