import path from "node:path";

import { sayMeant } from "../../../../ledger/domain/nearest-name.ts";
import { nameOfBackend } from "../../../../ledger/sources/proxy-telemetry/parse.ts";
import { latestOf } from "../../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../../ledger/views/experiment-view.ts";
import { compareFeatures } from "../../../../reports/evidence/compare-features.ts";
import {
  type FeatureUses,
  TelemetryUses,
  USE_BASIS,
  usesInLedger,
} from "../../../../reports/evidence/feature-uses.ts";
import { nameLedger } from "../../../../reports/evidence/named-ledger.ts";
import { readQuestion } from "../../../../reports/evidence/question.ts";
import { readRegistration } from "../../../../reports/evidence/registration.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { loadPriceBook } from "../../../plan/config/load-configuration.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { telemetryIn } from "../../../tracker/ingest/telemetry-in.ts";
import { TrackerUsageError } from "../../../tracker/windows/tracker-errors.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { readExperiment } from "../../ledger/cached-view.ts";
import { doneWith } from "../../result.ts";
import type { compare as definition } from "./definition.ts";
import { sayComparison, sayMissing } from "./show.ts";

type CompareOptions = OptionsOf<typeof definition>;

/** Compares what two providers used for the same features. */
export const compare: CodeOf<typeof definition> = async (given, environment) => {
  const isTelemetry = (given.telemetry ?? []).length > 0;
  const options = isTelemetry ? withBackends(given) : given;
  if (options.baseline === options.candidate) {
    throw new TrackerUsageError(
      `--candidate: expected another provider than the baseline, got ${options.candidate} for both.`,
    );
  }
  const found = isTelemetry
    ? { ledger: null, ...(await usesOfBackends(options, environment)) }
    : await readExperiment(options, environment, ({ view, ledger }) => ({
        ...usesOfProviders(view, options),
        ledger: nameLedger(ledger),
        backends: undefined,
      }));
  const { uses, vendors, backends, ledger } = found;
  const compared = compareFeatures(uses, vendors);
  const parts = isTelemetry ? ("request" as const) : ("window" as const);
  const manner = { ...toJson(options), parts, columns: columnsOf(environment) };
  const say = () => sayMissing(options, backends) ?? sayComparison(compared, manner);
  return doneWith(options, { basis: USE_BASIS, ...toJson(options), ledger, ...compared }, say);
};

/** The options name a backend as its lines do: by any of its names. */
function withBackends(options: CompareOptions): CompareOptions {
  const { baseline, candidate } = options;
  return { ...options, baseline: nameOfBackend(baseline), candidate: nameOfBackend(candidate) };
}

function toJson({ baseline, candidate }: CompareOptions) {
  return { baseline, candidate };
}

/** @throws TrackerUsageError if the experiment has no such provider. */
function usesOfProviders(view: ExperimentView, options: CompareOptions): FeatureUses {
  const registration = readRegistration(latestOf(view.registrations.values())?.registration);
  const { providers } = readQuestion(view, registration);
  checkProviders(
    options,
    providers.map(({ provider }) => provider),
  );
  return usesInLedger(view, options);
}

async function usesOfBackends(options: CompareOptions, environment: Environment) {
  const prices = loadPriceBook({}, environment);
  const read = new TelemetryUses(options, (model, usage, atMs) =>
    prices.dollars(model, usage, atMs),
  );
  for (const name of options.telemetry ?? []) {
    for await (const line of telemetryIn(path.resolve(environment.cwd, name))) read.add(line);
  }
  return { ...read.read(), backends: read.backends };
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
