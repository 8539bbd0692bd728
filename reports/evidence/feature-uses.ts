import { isValidOutcome } from "../../ledger/domain/outcome.ts";
import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import { type TokenBasis, tokensIn } from "../../ledger/domain/token-basis.ts";
import type { Usage } from "../../ledger/domain/usage.ts";
import type { TelemetryRequest } from "../../ledger/sources/proxy-telemetry/parse.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { finalizedWindows } from "../../ledger/views/progress.ts";
import type { FeatureUse, Vendors } from "./compare-features.ts";
import { readRegistration } from "./registration.ts";

export const USE_BASIS: TokenBasis = "all";

/** The names of the two sides. */
interface Sides {
  readonly baseline: string;
  readonly candidate: string;
}

/** What two sides used, and whether their tokens can be compared. */
export interface FeatureUses {
  readonly uses: readonly FeatureUse[];
  readonly vendors: Vendors;
}

/** What an experiment's windows used: every valid window is one use of its feature. */
export function usesInLedger(view: ExperimentView, sides: Sides): FeatureUses {
  const { analysis } = readRegistration(latestOf(view.registrations.values())?.registration);
  // Nothing registers the vendors of manual windows.
  const vendors = !view.design.isRegistered ? "unknown" : analysis.comparable ? "one" : "several";
  return { uses: usesInWindows(view, sides), vendors };
}

function usesInWindows(view: ExperimentView, sides: Sides): readonly FeatureUse[] {
  return [...finalizedWindows(view)].flatMap((final): readonly FeatureUse[] => {
    const side = sideOf(final.provider, sides);
    if (side === undefined || !isValidOutcome(final.outcome)) return [];
    const { usage, cost, dollars, feature_id: feature } = final;
    // If no source counted a window's tokens, it has no usage at all.
    const isCounted = Object.keys(usage).length > 1;
    const tokens = isCounted ? tokensIn(USE_BASIS, usage) : null;
    const usd = cost.measure === "usd" ? cost.amount : (dollars?.amount ?? null);
    return [{ feature, side, tokens, usd }];
  });
}

/** What one line adds to its use. */
interface UsePart {
  readonly side: FeatureUse["side"];
  readonly feature: string;
  readonly tokens: number | null;
  readonly usd: number | null;
}

/** The dollars of a usage by its model's price; null without one. */
type Dollars = (model: string | null, usage: Usage, atMs: number) => number | null;

/** Adds up what the lines of telemetry say. A feature, or else a request, is one use of a side; each line counts once. */
export class TelemetryUses {
  readonly #sides: Sides;
  readonly #dollars: Dollars;
  readonly #parts = new Map<string, UsePart>();
  /** Those that the lines name. */
  readonly backends = new Set<string>();

  constructor(sides: Sides, dollars: Dollars) {
    this.#sides = sides;
    this.#dollars = dollars;
  }

  add(line: TelemetryRequest): void {
    if (line.backend !== null) this.backends.add(line.backend);
    const part = this.#partOf(line);
    if (part !== undefined) this.#parts.set(line.id, part);
  }

  read(): FeatureUses {
    const grouped = Map.groupBy(this.#parts.values(), ({ side, feature }) =>
      JSON.stringify([side, feature]),
    );
    const uses = [...grouped.values()].flatMap((own) =>
      own.slice(0, 1).map(({ side, feature }) => {
        const tokens = sumOf(own.map((part) => part.tokens));
        return { side, feature, tokens, usd: sumOf(own.map((part) => part.usd)) };
      }),
    );
    return { uses, vendors: "unknown" };
  }

  #partOf(line: TelemetryRequest): UsePart | undefined {
    const feature = line.feature ?? line.request;
    const side = line.backend === null ? undefined : sideOf(line.backend, this.#sides);
    if (side === undefined || feature === null) return undefined;
    const { usage } = line;
    // A request that failed before any token took nothing.
    if (usage === null) {
      const nothing = line.isError ? 0 : null;
      return { side, feature, tokens: nothing, usd: nothing };
    }
    const usd = line.cost_usd ?? this.#dollars(line.model, usage, epochMsOf(line.at ?? ""));
    return { side, feature, tokens: tokensIn(USE_BASIS, usage), usd };
  }
}

function sideOf(name: string, { baseline, candidate }: Sides): FeatureUse["side"] | undefined {
  if (name === baseline) return "baseline";
  return name === candidate ? "candidate" : undefined;
}

function sumOf(amounts: readonly (number | null)[]): number | null {
  return amounts.includes(null)
    ? null
    : amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0);
}
