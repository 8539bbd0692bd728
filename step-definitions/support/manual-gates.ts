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
  /** Whether the second provider has an account of its own, with panes of the same kind. */
  readonly hasTwoAccounts?: boolean;
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
    await readMeter(world, window, { phase: "before", used: 0 });
    await readMeter(world, window, { phase: "after", used: window.used });
    if (options.isOpen?.(window) !== true) await succeed(world, sayComplete(window, options));
  }
}

export async function completeAgain(world: ExperimentWorld, more: string): Promise<void> {
  const last = stateOf(world).windows.at(-1);
  assert.ok(last !== undefined);
  const quality = more.includes("--quality") ? "" : "--quality 1";
  await world.run(`${sayComplete(last, {}, quality)} ${more}`.trim());
}

/** Completes a window without a reading. */
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
    own.map(
      async (window) =>
        await startCommand(sayComplete(window, {}).split(" ").slice(1), { cwd, variables }).ended,
    ),
  );
}

function stateOf(world: ExperimentWorld): HandState {
  const state = states.get(world);
  if (state === undefined) throw new Error("This scenario has no manual window.");
  return state;
}

/** Windows follow each other every six hours: each in a five-hour period of its own, all in one week. */
const WINDOW_HOURS = 6;
const RESET_HOURS = 4;
const NOON = 12;
/** What another account has used of its week when the first window begins, in percent. */
const OTHER_ACCOUNT_WEEKLY = 40;

async function readMeter(
  world: ExperimentWorld,
  said: HandWindowSaid,
  { phase, used }: { readonly phase: "before" | "after"; readonly used: number },
): Promise<void> {
  const { window, provider } = said;
  const { windows, options } = stateOf(world);
  const nth = windows.indexOf(said);
  const start = nth * WINDOW_HOURS;
  const at = timeOf(phase === "before" ? start : start + 1);
  if (options.source === "typed") {
    await succeed(
      world,
      `experiment override --provider ${provider} --window ${window} --phase ${phase} --meter 5h --used ${String(used)} --resets-at ${timeOf(start + RESET_HOURS)} --at ${at}`,
    );
    return;
  }
  const isClaude = options.source === "of the provider" && provider === "claude";
  // In the whole week the account has used one percent more for each window.
  const isOther = options.hasTwoAccounts === true && provider !== windows[0]?.provider;
  const weekly = nth + (used > 0 ? 1 : 0) + (isOther ? OTHER_ACCOUNT_WEEKLY : 0);
  const shown = isClaude ? claudePane(used, start) : codexPane({ used, start, weekly });
  await succeed(
    world,
    `experiment snapshot ${phase} ${isClaude ? "claude" : "codex"} --provider ${provider} --window ${window} --at ${at} --time-zone UTC`,
    // The clock above it makes the pane another one each time, as on a screen.
    `${at}\n${shown}`,
  );
}

/** The moment that many hours after the first window's start. */
function timeOf(hours: number): string {
  const [day, hour] = [19 + Math.floor(hours / 24), hours % 24];
  return `2025-10-${String(day)}T${String(hour).padStart(2, "0")}:00:00Z`;
}

function claudePane(used: number, start: number): string {
  const hour = (start + RESET_HOURS) % 24;
  const clock = hour < NOON ? `${String(hour)}am` : `${String(hour - NOON)}pm`;
  return `Current session\n${String(used)}% used\nResets ${clock} (UTC)`;
}

function codexPane({
  used,
  start,
  weekly,
}: Readonly<Record<"used" | "start" | "weekly", number>>): string {
  const resets = timeOf(start + RESET_HOURS).slice(11, 16);
  return [
    `5h limit: [█] ${String(used)}% used (resets ${resets})`,
    `Weekly limit: [█] ${String(weekly)}% used (resets 23:00 on 25 Oct)`,
  ].join("\n");
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
