import { createHash } from "node:crypto";
import { existsSync, readdirSync, utimesSync } from "node:fs";
import path from "node:path";

import { systemClock } from "../../runner/platform/environment/environment.ts";
import { SMALL_PANE } from "./manual-work.ts";
import type { ExperimentWorld } from "./world.ts";

const CAPTURES = ".experiment/captures";
const MS_PER_SECOND = 1000;

/** A pane at the end of a long terminal history. */
export function longCapture(lines: number): string {
  return `${"work\n".repeat(lines)}${SMALL_PANE}`;
}

/** What a crash between a capture and its row leaves. */
export function keepUncited(world: ExperimentWorld, capture: string): void {
  const sha256 = createHash("sha256").update(capture).digest("hex");
  world.write(`${CAPTURES}/${sha256}.txt`, capture);
}

/** Files below the folder of captures, whatever they are of. */
export function captureFiles(world: ExperimentWorld): readonly string[] {
  const folder = world.file(CAPTURES);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
}

export function ageCaptures(world: ExperimentWorld, ageMs: number): void {
  const seconds = (systemClock.nowMs() - ageMs) / MS_PER_SECOND;
  for (const file of captureFiles(world)) utimesSync(file, seconds, seconds);
}
