import { expect, it } from "vitest";

import { CounterbalanceError } from "../domain/errors.ts";
import type { Finding } from "../verification/finding.ts";
import { makeCheckpoint } from "../verification/make-checkpoint.ts";
import { verifyLedger } from "../verification/verify-ledger.ts";
import { STORE_LIMITS } from "./ledger-context.ts";
import { LedgerSyncFailedError } from "./store-errors.ts";
import type { LedgerStore } from "./store.ts";
import { diskWith, FOLDER } from "./test-support/golden-ledger.ts";
import { openOnDisk } from "./test-support/open-on-disk.ts";
import {
  type Fault,
  KilledError,
  type SimulatedDisk,
  type SimulatedProcess,
} from "./test-support/simulated-disk.ts";

const CALLS_MAX = 2_000;
const LIMITS = { ...STORE_LIMITS, segmentBytesMax: 1_500 };

it.each(["EIO", "ENOSPC", "kill"] as const)(
  "breaks no ledger when any one call fails: %s",
  async (kind) => {
    let call = 0;
    let end: SessionEnd;
    do {
      call += 1;
      end = await failAt({ call, kind });
      expect({ call, ...end }).toEqual({ call, ...end, breaches: [], damage: [] });
    } while (end.isReached && call < CALLS_MAX);
    expect(call).toBeGreaterThan(100);
    expect(call).toBeLessThan(CALLS_MAX);
  },
);

interface SessionEnd {
  /** Whether the session came to the call that was to fail. */
  readonly isReached: boolean;
  readonly breaches: readonly string[];
  readonly damage: readonly Finding[];
}

/** One short session with a failing call, the machine's stop, and what the next session finds. */
async function failAt(fault: Fault): Promise<SessionEnd> {
  const disk = diskWith(new Map());
  const process = disk.process(fault);
  const answers = await session(disk, process);
  process.kill();
  disk.crash();

  const later = disk.process();
  const store = await openOnDisk(disk, { fileSystem: later, limits: LIMITS });
  const ids = [...store.read("windows")].map(({ id }) => id);
  const breaches = [...answers].filter(([id, answer]) => !isBorneOut(ids, id, answer));
  await store.append("windows", [{ record: "after" }]);
  await store.close();
  const { findings } = verifyLedger(FOLDER, { mode: "full", fileSystem: later });
  return {
    isReached: process.calls >= fault.call,
    breaches: breaches.map((breach) => breach.join(": ")),
    damage: findings.filter(({ severity }) => severity === "damage"),
  };
}

function isBorneOut(ids: readonly string[], id: string, answer: Answer): boolean {
  const times = ids.filter((found) => found === id).length;
  return answer === "unknown" ? times <= 1 : times === (answer === "there" ? 1 : 0);
}

type Answer = "there" | "not there" | "unknown";

async function session(
  disk: SimulatedDisk,
  process: SimulatedProcess,
): Promise<ReadonlyMap<string, Answer>> {
  const answers = new Map<string, Answer>();
  try {
    const store = await openOnDisk(disk, { fileSystem: process, limits: LIMITS });
    for (let batch = 0; batch < 4; batch += 1) {
      await Promise.all([0, 1].map((index) => append(store, `${batch}-${index}`, answers)));
      await makeCheckpoint(store);
    }
    await store.close();
  } catch {
    // What matters is what the callers got before.
  }
  return answers;
}

async function append(store: LedgerStore, id: string, answers: Map<string, Answer>): Promise<void> {
  try {
    await store.append("windows", [{ record: "told", id, text: "x".repeat(300) }]);
    answers.set(id, "there");
  } catch (error) {
    const isUnknown = error instanceof LedgerSyncFailedError || error instanceof KilledError;
    answers.set(id, isUnknown ? "unknown" : "not there");
    if (!isUnknown && !(error instanceof CounterbalanceError)) throw error;
  }
}
