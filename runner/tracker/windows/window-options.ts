import { epochMsOf, isCalendarDay, timestampOf } from "../../../ledger/domain/timestamp.ts";
import { WindowKey } from "../../../ledger/domain/window.ts";
import { isTimeZone } from "../../../ledger/sources/local-time.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { currentWindow } from "./current-window.ts";
import { type ManualWindow, manualWindows } from "./manual-window.ts";
import { TrackerUsageError } from "./tracker-errors.ts";
import type { Tracker } from "./tracker.ts";

/** Options that name a window of a tracker. */
export interface WindowOptions {
  readonly window?: string;
  readonly provider?: string;
  readonly attempt: string;
}

/** A reading is taken in the years 2000 to 2999. */
const MOMENT = /^2\d{3}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/u;
const PROVIDER = /^[A-Za-z0-9][\w.-]{0,63}$/u;

export function checkWindow(window: string, option = "--window"): string {
  if (WindowKey.window.safeParse(window).success) return window;
  throw new TrackerUsageError(
    `${option}: expected up to 64 letters, digits, "-", "_" or ".", beginning with a letter or digit, got ${JSON.stringify(window)}. Write a name such as W0-07.`,
  );
}

/**
 * Refuses names and numbers that no window has, before anything is opened.
 * @throws TrackerUsageError
 */
export function checkWindowOptions({ window, provider, attempt }: Partial<WindowOptions>): void {
  if (window !== undefined) checkWindow(window);
  if (provider !== undefined) checkProvider(provider);
  if (attempt !== undefined) readCount("--attempt", attempt);
}

/** No row names the window, and no registered experiment plans it. */
export function unknownWindow(window: string): TrackerUsageError {
  return new TrackerUsageError(
    `${window}: expected a manual window or one of the last experiment, got one that no row names. Take its first reading: experiment snapshot before … --window ${window}, or name the experiment with --experiment.`,
  );
}

/**
 * The window that the options name, otherwise the agent's current one.
 * @throws TrackerUsageError if there is neither.
 */
export function readWindowName(
  { window }: Pick<WindowOptions, "window">,
  { folder, agent }: Pick<Tracker, "folder" | "agent">,
): string {
  const named = window ?? currentWindow(folder, agent)?.window;
  if (named !== undefined) return checkWindow(named);
  throw new TrackerUsageError(
    `--window: expected a window, got none, and ${agent} has no current one. Write e.g. --window W0-07, or start it: experiment window start W0-07`,
  );
}

/** The agent's window that the options name. `provider` is used if they name none. */
export function readWindow(
  options: WindowOptions,
  tracker: Pick<Tracker, "folder" | "agent">,
  provider: string,
): ManualWindow {
  return {
    agent: tracker.agent,
    window: readWindowName(options, tracker),
    provider: checkProvider(options.provider ?? provider),
    attempt: readCount("--attempt", options.attempt),
  };
}

/**
 * The window that the options name. If they name no provider, the only one that has the window is used.
 * @throws TrackerUsageError if several providers have it, or none.
 */
export function chooseWindow(
  tracker: Pick<Tracker, "folder" | "agent" | "ledger">,
  options: WindowOptions,
): ManualWindow {
  const window = readWindowName(options, tracker);
  const known = manualWindows(tracker.ledger.view, window).filter(
    ({ agent }) => agent === tracker.agent,
  );
  const providers = [...new Set(known.map(({ provider }) => provider))];
  const [only] = providers;
  if (options.provider !== undefined) return readWindow(options, tracker, options.provider);
  if (only !== undefined && providers.length === 1) return readWindow(options, tracker, only);
  throw new TrackerUsageError(
    only === undefined
      ? `${window}: expected --provider, got none, and no row names the window yet. Write e.g. --provider codex.`
      : `${window}: expected --provider, got none, and several have it: ${providers.join(", ")}. Write one of them.`,
  );
}

/** A moment with its zone, as UTC; now if the option is absent. */
export function readMoment(option: string, text: string | undefined, nowMs: number): string {
  if (text === undefined) return timestampOf(nowMs);
  const epochMs =
    MOMENT.test(text) && isCalendarDay(text.slice(0, 10)) ? epochMsOf(text) : Number.NaN;
  if (!Number.isNaN(epochMs)) return timestampOf(epochMs);
  throw new TrackerUsageError(
    `${option}: expected a time with its zone, got ${JSON.stringify(text)}. Write e.g. 2025-10-19T14:02:00+02:00.`,
  );
}

/** `--time-zone`, otherwise `TZ`, otherwise the machine's. */
export function readTimeZone(
  { timeZone }: { readonly timeZone?: string },
  { variables }: Pick<Environment, "variables">,
): string {
  const named = timeZone ?? (variables["TZ"] === "" ? undefined : variables["TZ"]);
  const zone = named ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (isTimeZone(zone)) return zone;
  throw new TrackerUsageError(
    `${timeZone === undefined ? "TZ" : "--time-zone"}: expected an IANA time zone, got ${JSON.stringify(zone)}. Write e.g. Europe/Berlin.`,
  );
}

export function readCount(option: string, text: string): number {
  if (/^[1-9]\d{0,5}$/u.test(text)) return Number(text);
  throw new TrackerUsageError(
    `${option}: expected a whole number from 1, got ${JSON.stringify(text)}. Write e.g. 1.`,
  );
}

/** A number that is not negative. */
export function readAmount(option: string, text: string): number {
  if (/^\d{1,15}(?:\.\d{1,9})?$/u.test(text)) return Number(text);
  throw new TrackerUsageError(
    `${option}: expected a number that is not negative, got ${JSON.stringify(text)}. Write e.g. 42.`,
  );
}

export function checkProvider(provider: string, option = "--provider"): string {
  if (PROVIDER.test(provider)) return provider;
  throw new TrackerUsageError(
    `${option}: expected up to 64 letters, digits, ".", "_" or "-", got ${JSON.stringify(provider)}. Write a name such as codex.`,
  );
}
