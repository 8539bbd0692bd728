import { rmSync } from "node:fs";

import type { SessionEnd } from "../../runner/experiment/session/run-session.ts";
import { addRow, correctionOf } from "./corrections.ts";
import { type ScriptedSession, workScripted } from "./scripted-session.ts";
import type { ExperimentWorld } from "./world.ts";

/** The scenario's scripted session and how it ended. */
interface GateLab {
  readonly session: ScriptedSession;
  readonly end: SessionEnd;
  readonly pairs: number;
}

const labs = new WeakMap<ExperimentWorld, GateLab>();

export function gateLabOf(world: ExperimentWorld): GateLab {
  const lab = labs.get(world);
  if (lab === undefined) throw new Error("No session was scripted in this scenario.");
  return lab;
}

/** Runs a scripted session; another one in the same scenario starts again. */
export async function workSession(world: ExperimentWorld, session: ScriptedSession): Promise<void> {
  if (labs.has(world)) rmSync(world.file(".experiment"), { recursive: true, force: true });
  const end = await workScripted(world, session);
  labs.set(world, { session, end, pairs: session.pairs });
}

/** Goes on with it, as `--resume` does. */
export async function goOn(
  world: ExperimentWorld,
  changes: Partial<ScriptedSession>,
): Promise<void> {
  const { session } = gateLabOf(world);
  const end = await workScripted(world, { ...session, ...changes });
  labs.set(world, { session, end, pairs: session.pairs });
}

/** Corrects the final row of a window, as an operator would who found it wrong. */
export async function correctFinal(
  world: ExperimentWorld,
  window: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const final = world.rowsOf("windows", "window_finalized").find((row) => row["window"] === window);
  if (final === undefined) throw new Error(`The window ${window} is not final.`);
  await addRow(world, "windows", correctionOf(final, changes));
}
