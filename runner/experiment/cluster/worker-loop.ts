import type { Clock } from "../../../ledger/domain/clock.ts";
import { reasonOf } from "../../../ledger/domain/errors.ts";
import { isOfConnection, StoreDamagedError } from "../../../ledger/store/postgres/store-failure.ts";
import type { WindowPhase } from "../windows/window-worker.ts";
import type { Refusal, WorkerSeen } from "./greet.ts";
import type { Claim, EndedAttempt, FileRows, NoRoom, Switchboard } from "./switchboard.ts";
import type { WorkerEvent } from "./worker-counts.ts";

/** The attempt of a claim: its rows until it is begun, its work, and what remains if its claim is lost. */
export interface ClaimedAttempt {
  /** Present if the window is final, perhaps since the attempts of lost workers are counted. */
  readonly over?: Pick<EndedAttempt, "rows" | "output">;
  /** Rows that end the attempts of earlier deliveries, and open this one. */
  readonly opening: readonly FileRows[];
  work(signal: AbortSignal, began: (phase: WindowPhase) => void): Promise<EndedAttempt>;
  /** What remains of an attempt that could not begin. */
  refuse(room: NoRoom): Pick<EndedAttempt, "rows" | "output">;
  /** What it has spent, after its claim was lost. */
  late(): Promise<Pick<EndedAttempt, "rows" | "spent">>;
  /** Ends it, and keeps its rows on this machine: the shared ledger does not take them. */
  leave(): Promise<void>;
  /** Removes what only this machine has of it: the shared ledger has the rest. */
  discard(): Promise<void>;
}

/** A window that is final is not opened again. */
export function overAttempt(
  over: NonNullable<ClaimedAttempt["over"]>,
  discard: ClaimedAttempt["discard"],
): ClaimedAttempt {
  return { over, opening: [], work: isOver, refuse: isOver, late: isOver, leave: discard, discard };
}

function isOver(): never {
  throw new Error("The window is final.");
}

export interface WorkerParts {
  readonly board: Switchboard;
  readonly worker: Pick<WorkerSeen, "name" | "host" | "machineClass" | "slots">;
  /** Asks the store before it opens anything, so that it may be called again if the store does not answer. */
  readonly open: (claim: Claim) => Promise<ClaimedAttempt>;
  /** The experiments whose windows this machine may work now: it has proved that it can. */
  readonly experiments: () => Promise<readonly string[]>;
  readonly refusals?: () => readonly Refusal[];
  readonly clock: Pick<Clock, "nowMs" | "monotonicMs">;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly times: WorkerTimes;
  readonly count?: (event: WorkerEvent) => void;
  readonly say: (sentence: string) => void;
}

/** Milliseconds. */
export interface WorkerTimes {
  /** Between two looks for a window when none waits. */
  readonly idleMs: number;
  /** Between two signs of life, which also ask whether the experiment continues. */
  readonly keepMs: number;
  /** After so long without an answer, the claim counts as lost: others may have it. */
  readonly lostMs: number;
}

export const WORKER_TIMES: WorkerTimes = { idleMs: 500, keepMs: 1000, lostMs: 25_000 };

export interface WorkerSignals {
  /** Takes no more windows. */
  readonly drain: AbortSignal;
  /** Ends the windows at work too, and hands them back. */
  readonly atOnce: AbortSignal;
}

type Place = { readonly claim: Claim; phase: string; readonly sinceMs: number };

/**
 * Takes windows and works on them until it has to end. It outlives a database that does not answer. If it can't
 * record what it does, all of its agents end.
 */
export async function workWindows(parts: WorkerParts, signals: WorkerSignals): Promise<void> {
  const atWork = new Map<string, Place>();
  const broken = new AbortController();
  const drain = AbortSignal.any([signals.drain, broken.signal]);
  const atOnce = AbortSignal.any([signals.atOnce, broken.signal]);
  const greeting = greetUntil(parts, atWork, drain);
  const nextClaim = claimer(parts);
  const slots = Array.from({ length: parts.worker.slots }, async () => {
    try {
      await workSlot(parts, { drain, atOnce }, { nextClaim, atWork });
    } catch (error) {
      broken.abort();
      throw error;
    }
  });
  await Promise.allSettled([...slots, greeting]);
  await Promise.all(slots);
}

type NextClaim = () => Promise<Claim | null>;

interface Slots {
  readonly nextClaim: NextClaim;
  readonly atWork: Map<string, Place>;
}

async function workSlot(
  parts: WorkerParts,
  { drain, atOnce }: WorkerSignals,
  { nextClaim, atWork }: Slots,
): Promise<void> {
  while (!drain.aborted) {
    const claim = await nextClaim();
    if (claim === null) {
      await parts.wait(parts.times.idleMs, drain);
      continue;
    }
    const place: Place = { claim, phase: "setup", sinceMs: parts.clock.nowMs() };
    atWork.set(claim.id, place);
    try {
      await workClaim(parts, claim, { atOnce, began: (phase) => (place.phase = phase) });
    } finally {
      atWork.delete(claim.id);
    }
  }
}

/** All slots together say once why they can't take windows. */
function claimer({ board, worker, experiments, say }: WorkerParts): NextClaim {
  const tell = onceEach(say);
  return async () => {
    try {
      const proved = await experiments();
      const claim =
        proved.length > 0 ? await board.claim({ ...worker, experiments: proved }) : null;
      tell("");
      return claim;
    } catch (error) {
      if (error instanceof StoreDamagedError) throw error;
      tell(`No window can be taken now: ${reasonOf(error)}`);
      return null;
    }
  };
}

/** Leaves out what was said last; an empty sentence ends that. */
export function onceEach(say: (sentence: string) => void): (sentence: string) => void {
  let last = "";
  return (sentence) => {
    if (sentence !== "" && sentence !== last) say(sentence);
    last = sentence;
  };
}

interface ClaimSignals extends Pick<WorkerSignals, "atOnce"> {
  readonly began: (phase: WindowPhase) => void;
}

async function workClaim(parts: WorkerParts, claim: Claim, signals: ClaimSignals): Promise<void> {
  const attempt = await patiently(parts, async () => await parts.open(claim), signals.atOnce);
  try {
    await workAttempt(parts, { claim, attempt }, signals);
  } catch (error) {
    await attempt.leave();
    throw error;
  }
}

async function workAttempt(
  parts: WorkerParts,
  { claim, attempt }: { readonly claim: Claim; readonly attempt: ClaimedAttempt },
  signals: ClaimSignals,
): Promise<void> {
  const { board } = parts;
  const { planned } = claim.job;
  const { atOnce } = signals;
  const answered = async <Value>(act: () => Promise<Value>) => await patiently(parts, act, atOnce);
  const { over } = attempt;
  if (over !== undefined) {
    await answered(async () => await board.finish(claim, { ...over, spent: NONE }));
    await attempt.discard();
    return;
  }
  const begun = await answered(async () => await board.begin(claim, attempt.opening));
  if (typeof begun === "object") {
    const refused = { ...attempt.refuse(begun), spent: NONE };
    await answered(async () => await board.finish(claim, refused));
  }
  if (begun !== "begun") {
    await attempt.discard();
    return;
  }
  parts.count?.("begun");
  parts.say(`${planned.window}: begun for ${planned.provider}.`);
  const hold = keepHold(parts, claim);
  const ended = await attempt.work(
    AbortSignal.any([hold.lost, hold.stopped, signals.atOnce]),
    signals.began,
  );
  hold.end();
  const isDone =
    !hold.lost.aborted && (await answered(async () => await board.finish(claim, ended))) === "done";
  parts.count?.(isDone ? "done" : "lost");
  if (isDone) {
    parts.say(`${planned.window}: ${ended.output.outcome}.`);
  } else {
    parts.say(`${planned.window}: the claim was lost, so only what it spent is recorded.`);
    const late = await attempt.late();
    await answered(async () => await board.recordLate(claim, late));
  }
  await attempt.discard();
}

/** Keeps a claim until its work ends. `lost`: others may have it. `stopped`: its experiment ends. */
function keepHold(parts: WorkerParts, claim: Claim) {
  const { board, clock, times } = parts;
  const lost = new AbortController();
  const stopped = new AbortController();
  const ended = new AbortController();
  const keep = async (): Promise<void> => {
    let answeredMs = clock.monotonicMs();
    while (!ended.signal.aborted && !lost.signal.aborted) {
      await parts.wait(times.keepMs, ended.signal);
      if (ended.signal.aborted) return;
      try {
        const askedMs = clock.monotonicMs();
        if (!(await board.keep(claim))) lost.abort();
        answeredMs = askedMs;
        if (!(await board.orderOf(claim.job.experimentId)).goesOn) stopped.abort();
      } catch (error) {
        const isSilent = clock.monotonicMs() - answeredMs > times.lostMs;
        if (isSilent || error instanceof StoreDamagedError) lost.abort();
      }
    }
  };
  void keep();
  return { lost: lost.signal, stopped: stopped.signal, end: () => ended.abort() };
}

/**
 * Tries until the database answers: what a worker has measured must not be lost. A worker that is told to
 * end at once leaves it on its disk, and the next one with the same folder hands over what was spent.
 */
async function patiently<Value>(
  parts: WorkerParts,
  act: () => Promise<Value>,
  atOnce: AbortSignal,
): Promise<Value> {
  const tell = onceEach(parts.say);
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isOfConnection(error) || atOnce.aborted) throw error;
      parts.count?.("store_unreachable");
      tell(`Waiting for the store: ${reasonOf(error)}`);
      await parts.wait(parts.times.keepMs, atOnce);
    }
  }
}

async function greetUntil(
  { board, worker, refusals, clock, times, wait }: WorkerParts,
  atWork: ReadonlyMap<string, Place>,
  drain: AbortSignal,
): Promise<void> {
  // Everybody who may read the store sees it: nothing else of this machine goes there.
  const { name, host, machineClass, slots } = worker;
  while (!drain.aborted) {
    const windows = [...atWork.values()].map(({ claim: { job }, phase, sinceMs }) => ({
      experimentId: job.experimentId,
      window: job.planned.window,
      provider: job.planned.provider,
      phase,
      sinceMs: clock.nowMs() - sinceMs,
    }));
    const seen = { name, host, machineClass, slots, windows, refusals: refusals?.() ?? [] };
    await board.greet(seen).catch(() => undefined);
    await wait(times.keepMs, drain);
  }
}

const NONE = { tokens: 0, usd: 0, minutes: 0 };
