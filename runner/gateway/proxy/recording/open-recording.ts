import path from "node:path";

import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { type Recorder, openRecorder } from "./record.ts";
import { type StoredExchange, readRecording } from "./recorded-exchange.ts";
import { type ReplayServer, startReplay } from "./replay.ts";

/** Whether requests and answers are kept, or answered from a recording. */
interface RecordingOptions {
  readonly record?: string;
  readonly replay?: string;
  readonly replayTiming?: "original" | "zero";
}

/** Refuses a timing without a replay, before anything is opened. */
export function refuseOddRecordings({ replay, replayTiming }: RecordingOptions): void {
  if (replayTiming === undefined || replay !== undefined) return;
  throw new ConfigurationError("--replay-timing: expected --replay with it. Write both.");
}

export function openRecording(
  { record }: RecordingOptions,
  { cwd, clock }: Environment,
): Recorder | null {
  return record === undefined ? null : openRecorder(path.resolve(cwd, record), clock);
}

/** The recording to play; null without one. */
export function readReplayed(
  { replay }: RecordingOptions,
  { cwd }: Environment,
): readonly StoredExchange[] | null {
  return replay === undefined ? null : readRecording(path.resolve(cwd, replay));
}

/** Plays it; `say` gets a sentence for each request that the recording answers differently or not at all. */
export async function openReplay(
  recording: readonly StoredExchange[] | null,
  { replayTiming = "zero" }: RecordingOptions,
  say: (sentence: string) => void,
): Promise<ReplayServer | null> {
  if (recording === null) return null;
  return await startReplay(recording, { timing: replayTiming, say });
}
