import { createReadStream } from "node:fs";
import path from "node:path";

import { reasonOf } from "../../../../ledger/domain/errors.ts";
import { sayMeant } from "../../../../ledger/domain/nearest-name.ts";
import { isValidOutcome } from "../../../../ledger/domain/outcome.ts";
import { epochMsOf } from "../../../../ledger/domain/timestamp.ts";
import { type TokenBasis, tokensIn } from "../../../../ledger/domain/token-basis.ts";
import {
  nameOfBackend,
  readTelemetry,
  type TelemetryRequest,
} from "../../../../ledger/sources/proxy-telemetry/parse.ts";
import { readLines, textOf } from "../../../../ledger/sources/read-lines.ts";
import { latestOf } from "../../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../../ledger/views/experiment-view.ts";
import { finalizedWindows } from "../../../../ledger/views/progress.ts";
import {
  compareFeatures,
  type FeatureUse,
  type Vendors,
} from "../../../../reports/evidence/compare-features.ts";
import { nameLedger, type NamedLedger } from "../../../../reports/evidence/named-ledger.ts";
import { readQuestion } from "../../../../reports/evidence/question.ts";
import { readRegistration } from "../../../../reports/evidence/registration.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import type { PriceBook } from "../../../gateway/prices/price-book.ts";
import { loadPriceBook } from "../../../plan/config/load-configuration.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { TrackerUsageError } from "../../../tracker/windows/tracker-errors.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { readExperiment } from "../../ledger/cached-view.ts";
import { done, jsonOr } from "../../result.ts";
import type { compare as definition } from "./definition.ts";
import { sayComparison, sayMissing } from "./show.ts";

type CompareOptions = OptionsOf<typeof definition>;

const BASIS: TokenBasis = "all";

/** Compares what two providers used for the same features. */
export const compare: CodeOf<typeof definition> = async (given, environment) => {
  const isTelemetry = (given.telemetry ?? []).length > 0;
  const options = isTelemetry ? withBackends(given) : given;
  if (options.baseline === options.candidate) {
    throw new TrackerUsageError(
      `--candidate: expected another provider than the baseline, got ${options.candidate} for both.`,
    );
  }
  const {
    uses,
    vendors,
    backends,
    ledger = null,
  } = isTelemetry
    ? await usesInTelemetry(options, environment)
    : await readExperiment(options, environment, (sources) => ({
        ...usesInLedger(sources.view, options),
        ledger: nameLedger(sources.ledger),
      }));
  const compared = compareFeatures(uses, vendors);
  const parts = isTelemetry ? ("request" as const) : ("window" as const);
  const manner = { ...toJson(options), parts, columns: columnsOf(environment) };
  const say = () => sayMissing(options, backends) ?? sayComparison(compared, manner);
  return done(jsonOr(options, { basis: BASIS, ...toJson(options), ledger, ...compared }, say));
};

/** The options name a backend as its lines do: by any of its names. */
function withBackends(options: CompareOptions): CompareOptions {
  const { baseline, candidate } = options;
  return { ...options, baseline: nameOfBackend(baseline), candidate: nameOfBackend(candidate) };
}

function toJson({ baseline, candidate }: CompareOptions) {
  return { baseline, candidate };
}

interface Uses {
  readonly uses: readonly FeatureUse[];
  readonly vendors: Vendors;
  /** Those that the telemetry's lines name. */
  readonly backends?: ReadonlySet<string>;
  /** Absent for telemetry. */
  readonly ledger?: NamedLedger;
}

function usesInLedger(view: ExperimentView, options: CompareOptions): Uses {
  const registration = readRegistration(latestOf(view.registrations.values())?.registration);
  const { providers } = readQuestion(view, registration);
  checkProviders(
    options,
    providers.map(({ provider }) => provider),
  );
  const { comparable } = registration.analysis;
  // Nothing registers the vendors of manual windows.
  const vendors = view.design === "manual" ? "unknown" : comparable ? "one" : "several";
  return { uses: usesInWindows(view, options), vendors };
}

function checkProviders(options: CompareOptions, known: readonly string[]): void {
  for (const side of ["baseline", "candidate"] as const) {
    const name = options[side];
    if (known.includes(name)) continue;
    throw new TrackerUsageError(
      `--${side}: expected a provider of the experiment, got ${JSON.stringify(name)}.${sayMeant(name, known)} Its providers: ${toPlainLine(known.join(", ")) || "none"}.`,
    );
  }
}

/** Every valid window is one use of its feature. */
function usesInWindows(view: ExperimentView, options: CompareOptions): readonly FeatureUse[] {
  return [...finalizedWindows(view)].flatMap((final): readonly FeatureUse[] => {
    const side = sideOf(final.provider, options);
    if (side === undefined || !isValidOutcome(final.outcome)) return [];
    const { usage, cost, dollars, feature_id: feature } = final;
    // A window whose tokens nobody counted has no usage at all.
    const isCounted = Object.keys(usage).length > 1;
    const tokens = isCounted ? tokensIn(BASIS, usage) : null;
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

/** A feature, or else a request, that both backends served is one use; each line counts once. */
async function usesInTelemetry(options: CompareOptions, environment: Environment): Promise<Uses> {
  const prices = loadPriceBook({}, environment);
  const parts = new Map<string, UsePart>();
  const backends = new Set<string>();
  for (const name of options.telemetry ?? []) {
    for await (const line of telemetryIn(path.resolve(environment.cwd, name))) {
      if (line.backend !== null) backends.add(line.backend);
      const part = partOf(line, options, prices);
      if (part !== undefined) parts.set(line.id, part);
    }
  }
  const grouped = Map.groupBy(parts.values(), ({ side, feature }) =>
    JSON.stringify([side, feature]),
  );
  const uses = [...grouped.values()].flatMap((own): readonly FeatureUse[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { side, feature } = first;
    const tokens = sumOf(own.map((part) => part.tokens));
    return [{ side, feature, tokens, usd: sumOf(own.map((part) => part.usd)) }];
  });
  return { uses, vendors: "unknown", backends };
}

function partOf(
  line: TelemetryRequest,
  options: CompareOptions,
  prices: PriceBook,
): UsePart | undefined {
  const feature = line.feature ?? line.request;
  const side = line.backend === null ? undefined : sideOf(line.backend, options);
  if (side === undefined || feature === null) return undefined;
  const { usage } = line;
  // A request that failed before any token took nothing.
  if (usage === null) {
    const nothing = line.isError ? 0 : null;
    return { side, feature, tokens: nothing, usd: nothing };
  }
  const atMs = epochMsOf(line.at ?? "");
  const usd = line.cost_usd ?? prices.dollars(line.model, usage, atMs);
  return { side, feature, tokens: tokensIn(BASIS, usage), usd };
}

async function* telemetryIn(file: string): AsyncGenerator<TelemetryRequest> {
  try {
    for await (const lines of readLines(createReadStream(file))) {
      for (const line of lines) {
        const { number } = line;
        const text = textOf(line);
        const read = text.trim() === "" ? null : readTelemetry(text, number);
        if (read === null) continue;
        if ("kind" in read) {
          throw new TrackerUsageError(
            `${file}, line ${String(number)}: ${read.reason}. ${read.text}`,
          );
        }
        yield read;
      }
    }
  } catch (cause) {
    if (cause instanceof TrackerUsageError) throw cause;
    throw new TrackerUsageError(
      `${file}: expected a file that can be read, got: ${reasonOf(cause)}. Correct its name.`,
      { cause },
    );
  }
}

function sideOf(
  name: string,
  { baseline, candidate }: CompareOptions,
): FeatureUse["side"] | undefined {
  if (name === baseline) return "baseline";
  return name === candidate ? "candidate" : undefined;
}

function sumOf(amounts: readonly (number | null)[]): number | null {
  return amounts.includes(null)
    ? null
    : amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0);
}
