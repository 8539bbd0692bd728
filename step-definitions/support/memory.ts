import assert from "node:assert/strict";

import type { ExperimentWorld } from "./world.ts";

const texts = new WeakMap<ExperimentWorld, string>();

/** Keeps a text for a later step of the same scenario to compare with. */
export function remember(world: ExperimentWorld, text: string): void {
  texts.set(world, text);
}

export function rememberedOf(world: ExperimentWorld): string {
  const text = texts.get(world);
  assert.ok(text !== undefined, "Nothing was remembered in this scenario.");
  return text;
}
