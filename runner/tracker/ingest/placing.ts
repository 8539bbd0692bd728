import { GLM } from "../../../ledger/sources/tokens/claude.ts";
import type { UsageSource } from "../../../ledger/sources/usage-source.ts";
import { idOf, type ManualWindow, manualWindows } from "../windows/manual-window.ts";
import type { Tracker } from "../windows/tracker.ts";
import { type EventPlace, placeByTime, type PlaceEvent, placeInWindow } from "./place-events.ts";

/** What a user says about the windows that events belong to. */
interface PlacingOptions {
  readonly source: UsageSource;
  /** The provider that the user names. */
  readonly provider: string | undefined;
  /** Whether each event belongs to the window that was open at its time. */
  readonly byTime: boolean;
  /** The one window of a provider's events otherwise. */
  readonly windowOf: (provider: string) => ManualWindow;
}

/** Gives events to windows, by the provider that the user names or else the source. */
export class Placing {
  readonly #options: PlacingOptions;
  readonly #tracker: Pick<Tracker, "agent" | "ledger">;
  readonly #places = new Map<string, PlaceEvent>();

  constructor(options: PlacingOptions, tracker: Pick<Tracker, "agent" | "ledger">) {
    this.#options = options;
    this.#tracker = tracker;
    // Faults of the options are said before anything is read.
    this.#placeFor(options.provider ?? options.source.provider);
  }

  readonly of: PlaceEvent = (at, named = this.#options.source.provider) => {
    const { provider = named, source } = this.#options;
    // A proxy's telemetry names the backend itself.
    const isOfClient = source.name !== "proxy-telemetry";
    const isGuest = this.#options.provider === undefined && named === GLM && isOfClient;
    return isGuest ? this.#placeGuest(at) : this.#placeFor(provider)(at);
  };

  /** Claude Code worked with GLM: in a window of GLM if there is one, otherwise for a window of its own. */
  #placeGuest(at: string | null): EventPlace {
    const { byTime } = this.#options;
    const { ledger } = this.#tracker;
    const own = this.#placeFor(GLM)(at);
    const isThere =
      byTime || own.key === null
        ? own.key !== null || own.reason === "ambiguous-time"
        : manualWindows(ledger.view, own.key.window).some((key) => idOf(key) === idOf(own.key));
    return isThere ? own : this.#placeFor(this.#options.source.provider)(at);
  }

  /** Looks for windows that were opened or closed since. */
  refresh(): void {
    this.#tracker.ledger.refresh();
    this.#places.clear();
  }

  #placeFor(provider: string): PlaceEvent {
    const known = this.#places.get(provider);
    if (known !== undefined) return known;
    const { agent, ledger } = this.#tracker;
    const place = this.#options.byTime
      ? placeByTime(ledger.view, { agent, provider })
      : placeInWindow(this.#options.windowOf(provider));
    this.#places.set(provider, place);
    return place;
  }
}
