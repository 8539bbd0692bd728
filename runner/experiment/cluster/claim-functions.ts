import { type ClientBase, DatabaseError } from "pg";

import type { LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import { lockedIn, type LockedAnswer } from "../../../ledger/store/postgres/ledger-heads.ts";
import {
  type LedgerParts,
  LedgerTransaction,
} from "../../../ledger/store/postgres/ledger-transaction.ts";
import type { HeadsBySeq, SeenHeads } from "../../../ledger/store/postgres/seen-heads.ts";
import { citeAnew } from "./cite-anew.ts";
import type {
  Claim,
  EndedAttempt,
  FileRows,
  NoRoom,
  Seeker,
  Spent,
  WindowJob,
} from "./switchboard.ts";

// The functions of the database by which a worker does what it may. `ledger/store/postgres/schema/claims.ts`
// has their side.

type Sql = Pick<ClientBase, "query">;

/** A transaction that may record a window, or why it may not. */
export type Entered =
  | { readonly state: "held"; readonly ledger: LedgerTransaction }
  | { readonly state: "done" | "lost" };

interface Entering {
  readonly rows: readonly FileRows[];
  /** Whether it records what a lost attempt has spent. */
  readonly isLate?: boolean;
}

/** Begins to record a window: the rows are stamped, and written by one of the functions below. */
export async function enterClaim(
  client: ClientBase,
  { claim, parts }: { readonly claim: Claim; readonly parts: LedgerParts },
  { rows: all, isLate = false }: Entering,
): Promise<Entered> {
  const some = all.filter(({ rows }) => rows.length > 0);
  const files: readonly LedgerFile[] = some.map(({ file }) => file);
  const { rows: answers } = await client.query<{ answer: LockedAnswer & Pick<Entered, "state"> }>(
    "select counterbalance.enter_claim($1, $2, $3, $4, $5) as answer",
    [claim.id, claim.delivery, isLate, files, JSON.stringify(parts.seen)],
  );
  const answer = answers[0]?.answer;
  if (answer?.state !== "held") return { state: answer?.state ?? "lost" };
  const ledger = new LedgerTransaction(client, parts, lockedIn(answer));
  await citeAnew(some, async (file, rows) => (await ledger.append(file, rows)).rows);
  return { state: "held", ledger };
}

/** Writes its rows, and sets the allowance aside once more if an earlier delivery has begun. */
export async function beginClaim(client: Sql, claim: Claim, ledger: LedgerTransaction) {
  const { files, lines } = ledger.stamped();
  await client.query("select counterbalance.begin_claim($1, $2, $3, $4)", [
    claim.id,
    claim.delivery,
    files,
    lines,
  ]);
}

interface Ending {
  readonly ledger: LedgerTransaction;
  readonly spent: Spent;
}

/** Writes its rows, settles its budgets, and says how it ended. */
export async function finishClaim(
  client: Sql,
  claim: Claim,
  ending: Ending & Pick<EndedAttempt, "output">,
): Promise<void> {
  await client.query("select counterbalance.finish_claim($1, $2, $3, $4, $5, $6)", [
    ...endingOf(claim, ending),
    JSON.stringify(ending.output),
  ]);
}

/** Writes the rows of a lost attempt, and settles what it has spent. */
export async function recordLate(client: Sql, claim: Claim, ending: Ending): Promise<void> {
  await client.query(
    "select counterbalance.record_late($1, $2, $3, $4, $5)",
    endingOf(claim, ending),
  );
}

function endingOf({ id, delivery }: Claim, { ledger, spent }: Ending): unknown[] {
  const { files, lines } = ledger.stamped();
  return [id, delivery, files, lines, JSON.stringify(spent)];
}

interface TakenRow {
  readonly job: WindowJob;
  readonly heads: HeadsBySeq;
  readonly executed_order: string;
}

/** Takes a delivery that was fetched; undefined if no coordinator has handed it out. */
export async function takeClaim(
  client: Sql,
  { id, delivery }: Pick<Claim, "id" | "delivery">,
  {
    name,
    machineClass,
    seen,
  }: Pick<Seeker, "name" | "machineClass"> & { readonly seen: SeenHeads },
): Promise<Claim | undefined> {
  const { rows } = await client.query<TakenRow>(
    "select * from counterbalance.take($1, $2, $3, $4, $5)",
    [id, delivery, name, machineClass, JSON.stringify(seen)],
  );
  const [taken] = rows;
  if (taken === undefined) return undefined;
  const { job, heads, executed_order: executedOrder } = taken;
  return { id, delivery, job, executedOrder: Number(executedOrder), heads };
}

/** Our own functions say so, with what is missing as the detail. */
const NO_ROOM = "CB004";

/** What a budget lacks, if that is why the database has refused. */
export async function orNoRoom<Value>(work: () => Promise<Value>): Promise<Value | NoRoom> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== NO_ROOM) throw error;
    const room: NoRoom = JSON.parse(error.detail ?? "");
    return room;
  }
}
