import path from "node:path";

import { BAD_USAGE, badUsage } from "../../../ledger/domain/anomaly.ts";
import type { UsageProblem, UsageSource } from "../../../ledger/sources/usage-source.ts";
import type { ManualWindow } from "../windows/manual-window.ts";
import { recordBadUsage } from "../windows/reading-anomalies.ts";
import type { Tracker } from "../windows/tracker.ts";
import type { PlaceEvent } from "./place-events.ts";

interface Parts {
  readonly tracker: Tracker;
  readonly source: Pick<UsageSource, "name">;
  readonly place: PlaceEvent;
}

/** The anomalies of counts that can't be right: one for each window of a file, by its first such line. */
export class BadUsageRecorder {
  readonly #parts: Parts;
  readonly #seen = new Set<string>();
  #found: { readonly key: ManualWindow | null; readonly anomaly: ReturnType<typeof badUsage> }[] =
    [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  note(name: string, { reason, line, text, at = null, provider }: UsageProblem): void {
    if (reason !== BAD_USAGE) return;
    const { source, place } = this.#parts;
    const { key } = place(at, provider);
    const seen = JSON.stringify([name, key]);
    if (this.#seen.has(seen)) return;
    this.#seen.add(seen);
    const file = path.basename(name);
    this.#found.push({ key, anomaly: badUsage(source.name, `${file}, line ${line}: ${text}`) });
  }

  async record(): Promise<void> {
    const found = this.#found;
    this.#found = [];
    for (const { key, anomaly } of found) await recordBadUsage(this.#parts.tracker, key, anomaly);
  }
}
