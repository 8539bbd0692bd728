import assert from "node:assert/strict";

import { type CommandEnd, startCommand } from "./command-run.ts";
import type { ExperimentWorld } from "./world.ts";

/** A manual window and its use of the 5h meter, in percent. */
export interface HandWindowSaid {
  readonly window: string;
  readonly provider: string;
  readonly feature: string;
  readonly used: number;
}

interface HandOptions {
  readonly baseline?: string;
  /** Whose panes are shown: codex's for everybody, or each provider's own. */
  readonly source?: "of the provider" | "typed";
  /** Windows that are read and not completed. */
  readonly isOpen?: (window: HandWindowSaid) => boolean;
}

interface HandState {
  readonly windows: readonly HandWindowSaid[];
  readonly options: HandOptions;
}

const states = new WeakMap<ExperimentWorld, HandState>();

/** Three features, each worked by both; the second provider takes a third. */
export function threeFeatures(one: string, two: string): readonly HandWindowSaid[] {
  return [1, 2, 3].flatMap((nth) => {
    const pair = [
      { provider: one, used: 29 + nth },
      { provider: two, used: 9 + (nth % 2) },
    ];
    const ordered = nth % 2 === 1 ? pair : pair.toReversed();
    return ordered.map(({ provider, used }, place) => ({
      window: `W0-0${String(2 * nth + place)}`,
      provider,
      feature: `feature-${String(nth)}`,
      used,
    }));
  });
}

/** Reads and completes the windows one after the other, by the commands that a user has. */
export async function workByHand(
  world: ExperimentWorld,
  windows: readonly HandWindowSaid[],
  options: HandOptions,
): Promise<void> {
  states.set(world, { windows, options });
  for (const window of windows) {
    await readMeter(world, window, "before", 0);
    await readMeter(world, window, "after", window.used);
    if (options.isOpen?.(window) !== true) await succeed(world, sayComplete(window, options));
  }
}

export async function completeAgain(world: ExperimentWorld, more: string): Promise<void> {
  const last = stateOf(world).windows.at(-1);
  assert.ok(last !== undefined);
  const quality = more.includes("--quality") ? "" : "--quality 1";
  await world.run(`${sayComplete(last, {}, quality)} ${more}`.trim());
}

/** Completes a window of which nothing was read. */
export async function completeUnread(
  world: ExperimentWorld,
  window: HandWindowSaid,
): Promise<void> {
  await succeed(world, sayComplete(window, {}));
}

/** Each window of the provider by an agent of its own. */
export async function completeAtOnce(
  world: ExperimentWorld,
  provider: string,
): Promise<readonly CommandEnd[]> {
  const { variables, folder: cwd } = world;
  const own = stateOf(world).windows.filter((window) => window.provider === provider);
  return await Promise.all(
    own.map(async (window, nth) => {
      const line = `${sayComplete(window, {})} --agent agent-${String(nth)}`;
      return await startCommand(line.split(" ").slice(1), { cwd, variables }).ended;
    }),
  );
}

function stateOf(world: ExperimentWorld): HandState {
  const state = states.get(world);
  if (state === undefined) throw new Error("This scenario has no manual window.");
  return state;
}

async function readMeter(
  world: ExperimentWorld,
  { window, provider }: HandWindowSaid,
  phase: "before" | "after",
  used: number,
): Promise<void> {
  const { source } = stateOf(world).options;
  const isClaude = source === "of the provider" && provider === "claude";
  // The clock above it makes the pane another one each time, as on a screen.
  const shown = isClaude
    ? `Current session\n${String(used)}% used\nResets 9pm (UTC)`
    : `5h limit: [█] ${String(used)}% used (resets 21:00)`;
  const time = phase === "before" ? "17:00" : "18:00";
  if (source === "typed") {
    await succeed(
      world,
      `experiment override --provider ${provider} --window ${window} --phase ${phase} --meter 5h --used ${String(used)} --resets-at 2025-10-19T21:00:00Z --at 2025-10-19T${time}:00Z`,
    );
    return;
  }
  await succeed(
    world,
    `experiment snapshot ${phase} ${isClaude ? "claude" : "codex"} --provider ${provider} --window ${window} --at 2025-10-19T${time}:00Z --time-zone UTC`,
    `${time}\n${shown}`,
  );
}

function sayComplete(
  { window, provider, feature }: HandWindowSaid,
  { baseline }: Pick<HandOptions, "baseline">,
  quality = "--quality 1",
): string {
  const said = `experiment complete --window ${window} --provider ${provider} --feature ${feature} --outcome pass ${quality} --methodology by-hand --commit-start 1a2b3c4 --commit-end 5d6e7f8`;
  return (baseline === undefined ? said : `${said} --baseline ${baseline}`).replaceAll(/ +/gu, " ");
}

async function succeed(world: ExperimentWorld, line: string, stdin?: string): Promise<void> {
  await world.run(line, stdin);
  assert.equal(world.last.exitCode, 0, world.last.stdout + world.last.stderr);
}
