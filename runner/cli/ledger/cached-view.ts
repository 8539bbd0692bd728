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
import {
  findExperiment,
  type FoundExperiment,
  type LedgerOptions,
} from "../../experiment/session/recorded-experiment.ts";
import { placeInCache } from "../../platform/environment/cache-place.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { outdatedIn } from "../../tracker/windows/outdated-completions.ts";
import { withPresentDivergences } from "../../tracker/windows/present-divergences.ts";
import { sourceTokens } from "../../tracker/windows/source-tokens.ts";
import {
  type ManualUsage,
  readManualUsage,
  type UsageBySource,
} from "../../tracker/windows/window-usage.ts";
import { sayOutdated } from "./say-outdated.ts";
import { type UsedWindow, usedWithoutReading } from "./used-without-reading.ts";

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
  const view = foldKept(found, placeInCache(found, "fold"), nowMs);
  const sumsPlace = placeInCache(found, "sums", headsSha256(ledger.ends));
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
  const place = placeInCache(found, "report", headsSha256(found.ledger.ends));
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
