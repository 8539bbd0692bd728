import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import v8 from "node:v8";

import { headsSha256 } from "../../../ledger/store/heads-sha256.ts";
import type { LedgerSnapshot } from "../../../ledger/store/store.ts";
import { readBlockedByCapacity } from "../../../ledger/views/backlog-view.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { keep, type Kept, readKept } from "../../../ledger/views/kept-file.ts";
import { foldKept } from "../../../ledger/views/kept-fold.ts";
import { nameLedger } from "../../../reports/evidence/named-ledger.ts";
import { buildReport } from "../../../reports/report/build-report.ts";
import type { ReportData } from "../../../reports/report/report-data.ts";
import {
  type BudgetRows,
  budgetRows,
  type BudgetSums,
} from "../../../reports/report/sum-budgets.ts";
import { cacheKey } from "../../platform/environment/cache-key.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { toolVersion } from "../../platform/environment/package-folder.ts";
import { cacheFolder } from "../../platform/environment/user-folders.ts";
import { outdatedIn } from "../../tracker/windows/outdated-completions.ts";
import { withPresentDivergences } from "../../tracker/windows/present-divergences.ts";
import {
  type ManualUsage,
  readManualUsage,
  type UsageBySource,
} from "../../tracker/windows/window-usage.ts";
import { findExperiment, type FoundExperiment, type LedgerOptions } from "./open-ledger.ts";
import { sayOutdated } from "./say-outdated.ts";
import { sourceTokens } from "./source-tokens.ts";
import { type UsedWindow, usedWithoutReading } from "./used-without-reading.ts";

/** A smaller ledger is folded in less time than a person notices. */
const CACHED_BYTES_MIN = 32 * 2 ** 20;

/** What an experiment's figures are made of. */
export interface ExperimentSources {
  readonly view: ExperimentView;
  readonly ledger: LedgerSnapshot;
  readonly folder: DataFolder;
  readonly budgets: BudgetRows;
  /** What sources say about manual windows; empty for other experiments. */
  readonly usage: ManualUsage;
}

/**
 * Opens the ledger for a command that writes nothing, and finds the experiment that the options name: what was folded
 * before is not folded again.
 * @throws NothingRecordedError naming the folder, or the experiments in the ledger.
 */
export async function readExperiment<Value>(
  options: LedgerOptions,
  environment: Environment,
  use: (sources: ExperimentSources) => Promise<Value> | Value,
): Promise<Value> {
  return await findExperiment(options, environment, (found) => withCachedView(found, use));
}

/**
 * Folds an experiment and, if the ledger is large, keeps the fold, so that the next command folds
 * only the rows after it. The store has checked the hash chain of all rows when it was opened; a
 * position holds the hash of the row that ends there, which says all that comes before it. The fold
 * is kept before its use: both need much memory.
 */
export async function withCachedView<Value>(
  { store, ...found }: FoundExperiment,
  use: (sources: ExperimentSources) => Promise<Value> | Value,
): Promise<Value> {
  return await withSnapshot({ ...found, ledger: store.snapshot() }, use);
}

/** An experiment in a ledger that stays as it is. */
type ReadExperiment = Omit<FoundExperiment, "store"> & Pick<ExperimentSources, "ledger">;

async function withSnapshot<Value>(
  found: ReadExperiment,
  use: (sources: ExperimentSources) => Promise<Value> | Value,
): Promise<Value> {
  const { ledger, folder, environment } = found;
  const nowMs = environment.clock.nowMs();
  const view = foldKept(found, placeOf(found, "fold"), nowMs);
  const sumsPlace = placeOf(found, "sums", headsSha256(ledger.ends));
  const remembered = readSums(sumsPlace);
  const known = remembered.size;
  const budgets = budgetRows(ledger, remembered);
  const { isDriven } = view.design;
  const usage: ManualUsage = isDriven
    ? { windows: new Map(), unplaced: [] }
    : readManualUsage(ledger);
  const shown = isDriven ? view : withPresentDivergences(view, usage.windows);
  const value = await use({ view: shown, ledger, folder, budgets, usage });
  if (sumsPlace !== undefined && remembered.size > known) {
    keep(sumsPlace, [v8.serialize(remembered)], nowMs);
  }
  return value;
}

/** What a preview shows. */
interface Previewed {
  readonly report: ReportData;
  /** Windows whose logs were read, but that the report lacks or counts otherwise. */
  readonly used: readonly UsedWindow[];
}

/**
 * The report that a preview shows. That of a large ledger is kept until a row is added. A rolling
 * period ends now, so its report is made again.
 */
export async function previewReport({ store, ...others }: FoundExperiment): Promise<Previewed> {
  const found = { ...others, ledger: store.snapshot() };
  const nowMs = found.environment.clock.nowMs();
  const place = placeOf(found, "report", headsSha256(found.ledger.ends));
  const [kept] = (place && readKept(place)) ?? [];
  // The signature in front of it says that this program wrote it, for this user.
  if (kept !== undefined) return JSON.parse(Buffer.from(kept).toString());
  const previewed = await withSnapshot(found, ({ view, budgets, usage, ledger }) => {
    const around = {
      ledger: nameLedger(ledger),
      backlogReadyBlocked: readBlockedByCapacity(ledger),
    };
    const report = withUsage(buildReport(view, { ...budgets, nowMs }, around), usage);
    const { windows } = usage;
    return { report, used: [...usedWithoutReading(windows, report), ...outdated(windows, view)] };
  });
  if (place !== undefined && previewed.report.budgets.period_ms === null) {
    keep(place, [Buffer.from(JSON.stringify(previewed))], nowMs);
  }
  return previewed;
}

function withUsage(report: ReportData, used: ManualUsage): ReportData {
  const { by_hand: manual } = report;
  const usage = sourceTokens(used);
  return manual === null || usage.length === 0
    ? report
    : { ...report, by_hand: { ...manual, usage } };
}

/** Windows that count other tokens than their sources have now. */
function outdated(used: UsageBySource, view: ExperimentView): readonly UsedWindow[] {
  if (view.design.isDriven) return [];
  return outdatedIn(used, view).map((one) => ({
    window: one.key.window,
    line: sayOutdated(one),
  }));
}

function readSums(place: Kept | undefined): Map<string, BudgetSums> {
  const [sums] = (place && readKept(place)) ?? [];
  return sums === undefined ? new Map() : v8.deserialize(sums);
}

/**
 * The place for something of an experiment; undefined for a small ledger.
 * @param headsSha - The ledger's, if it is only of use as long as no row is added.
 */
function placeOf(
  { ledger: { ledgerId }, folder, environment, experimentId }: ReadExperiment,
  what: "fold" | "sums" | "report",
  headsSha: string | null = null,
): Kept | undefined {
  const cache = cacheFolder(environment);
  if (cache === undefined || bytesIn(folder.ledger) < CACHED_BYTES_MIN) return undefined;
  const key = cacheKey(environment);
  if (key === undefined) return undefined;
  // Another build of the program may fold otherwise.
  const { mtimeMs, size } = statSync(import.meta.filename);
  const build = [toolVersion(), process.version, mtimeMs, size];
  return {
    file: path.join(cache, `${ledgerId}-${experimentId}.${what}`),
    madeOf: JSON.stringify([what, build, ledgerId, experimentId, headsSha]),
    key,
  };
}

function bytesIn(folder: string): number {
  const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  const sizes = names.map(
    (name) => statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
