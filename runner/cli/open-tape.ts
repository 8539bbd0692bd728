import path from "node:path";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import type { Environment } from "../environment.ts";
import { readTape } from "../proxy/tape/read-tape.ts";
import { openRecorder, type Recorder } from "../proxy/tape/record.ts";
import type { TapedExchange } from "../proxy/tape/recorded-exchange.ts";
import { type ReplayServer, startReplay } from "../proxy/tape/replay.ts";

/** What passes is kept, or is answered from what was kept. */
export interface TapeOptions {
  readonly record?: string;
  readonly replay?: string;
  /** `original` or `zero`. */
  readonly replayTiming?: string;
}

/** Options that don't go together, or a value that can't be used. */
class TapeOptionError extends CounterbalanceError {
  readonly exitCode = 2;
}

/** Refuses what can't be meant, before anything is opened. */
export function refuseOddTapes({ record, replay, replayTiming }: TapeOptions): void {
  if (record !== undefined && replay !== undefined) {
    throw new TapeOptionError("--record and --replay: expected one of them. Leave the other out.");
  }
  if (replayTiming !== undefined && replay === undefined) {
    throw new TapeOptionError("--replay-timing: expected --replay with it. Write both.");
  }
  if (!["original", "zero", undefined].includes(replayTiming)) {
    throw new TapeOptionError(
      `--replay-timing ${String(replayTiming)}: expected original or zero. Write one of them.`,
    );
  }
}

export function openRecording(
  { record }: TapeOptions,
  { cwd, clock }: Environment,
): Recorder | null {
  return record === undefined ? null : openRecorder(path.resolve(cwd, record), clock);
}

/** The recording to be played; null where none is. */
export function readReplayed(
  { replay }: TapeOptions,
  { cwd }: Environment,
): readonly TapedExchange[] | null {
  return replay === undefined ? null : readTape(path.resolve(cwd, replay));
}

/** Plays it; whoever is told hears of every request that the recording answers otherwise or not. */
export async function openReplay(
  tape: readonly TapedExchange[] | null,
  { replayTiming }: TapeOptions,
  say: (sentence: string) => void,
): Promise<ReplayServer | null> {
  if (tape === null) return null;
  const timing = replayTiming === "original" ? "original" : "zero";
  return await startReplay(tape, { timing, say });
}
