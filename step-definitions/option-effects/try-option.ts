import assert from "node:assert/strict";
import { rmSync } from "node:fs";

import { EXIT } from "../../ledger/domain/exit-codes.ts";
import type { TriedOption } from "./effects.ts";
import { copyOf, namedPort, nameThings, templateOf } from "./folders.ts";
import { maskFor, type Observation, readFiles, readText, withoutNumbers } from "./observe.ts";
import { callAny } from "./serve.ts";

/** What two equal calls without the option showed, for the options that share them. */
const known = new Map<string, Promise<readonly [Observation, Observation]>>();

/**
 * What the command does without the option and with it. It is called twice without, since a difference
 * says nothing if two equal calls differ.
 */
export async function tryOption(tried: TriedOption) {
  const { command, base, folder, before } = tried;
  const key = JSON.stringify([command, base, folder, before]);
  const twice = known.get(key) ?? Promise.all([seen(tried, ""), seen(tried, "")] as const);
  known.set(key, twice);
  const [without, again] = await twice;
  assert.deepEqual(again, without);
  assert.equal(without.said[0] === EXIT.usage, tried.isRefused);
  return { without, withOption: await seen(tried, tried.add) };
}

async function seen(tried: TriedOption, add: string): Promise<Observation> {
  const whole = await observe(tried, add);
  return tried.varies ? withoutNumbers(whole) : whole;
}

async function observe(
  { command, base, folder: name, before }: TriedOption,
  add: string,
): Promise<Observation> {
  const folder = await copyOf(name);
  const template = await templateOf(name);
  const mask = maskFor({ folder, template, port: await namedPort() });
  try {
    for (const line of before) await callAny(await nameThings(line, folder), folder);
    const said = await callAny(await nameThings(`${command} ${base} ${add}`, folder), folder);
    const texts = said.map((one) => (typeof one === "string" ? readText(one, mask) : one));
    return { said: texts, files: readFiles(folder, { mask, template }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
