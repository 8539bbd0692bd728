import { BlockCause } from "../../../ledger/domain/backlog.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import {
  type BacklogFeature,
  countBlockedByCapacity,
  foldBacklog,
} from "../../../ledger/views/backlog-view.ts";
import { plainTable } from "../../../reports/format/plain-table.ts";
import { toPlainLine } from "../../../reports/format/plain-text.ts";
import { ConfigurationError } from "../../config/errors.ts";
import type { Environment } from "../../environment.ts";
import { createDataFolder, locateDataFolder } from "../../session/data-folder.ts";
import { openLedger } from "../open-ledger.ts";
import { done, type Result } from "../result.ts";

interface BacklogOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

interface FeatureOptions extends BacklogOptions {
  readonly feature: string;
  readonly by?: string;
}

/** Says that a feature could be worked now. */
export async function backlogReady(
  options: FeatureOptions,
  environment: Environment,
): Promise<Result> {
  const row = { record: "feature_ready", feature_id: readFeature(options) };
  return await change(row, options, environment);
}

/** Says what keeps a feature from being worked. */
export async function backlogBlock(
  options: FeatureOptions,
  environment: Environment,
): Promise<Result> {
  const by = readCause(options.by);
  if (by === null) {
    throw new ConfigurationError(
      "--by: expected capacity, tooling or docs, got nothing. Write what blocks the feature.",
    );
  }
  const row = { record: "feature_blocked", feature_id: readFeature(options), by };
  return await change(row, options, environment);
}

/** Says that one cause, or every cause, is gone. */
export async function backlogUnblock(
  options: FeatureOptions,
  environment: Environment,
): Promise<Result> {
  const by = readCause(options.by);
  const row = { record: "feature_unblocked", feature_id: readFeature(options), by };
  return await change(row, options, environment);
}

/** Shows the backlog and what the second gate counts of it. */
export async function backlogList(
  options: BacklogOptions,
  environment: Environment,
): Promise<Result> {
  return await withLedger(options, environment, async (store) =>
    done(show(foldBacklog(store.read("backlog")), options)),
  );
}

async function change(
  row: NewRow,
  options: BacklogOptions,
  environment: Environment,
): Promise<Result> {
  return await withLedger(options, environment, async (store) => {
    const before = foldBacklog(store.read("backlog"));
    refuseUnknown(row, before);
    await store.append("backlog", [{ ...row, source: "override" }]);
    return done(show(foldBacklog(store.read("backlog")), options));
  });
}

/** A slip in the name would leave the feature that was meant as it is. */
function refuseUnknown(row: NewRow, backlog: readonly BacklogFeature[]): void {
  const known = backlog.map(({ featureId }) => featureId);
  const feature = String(row["feature_id"]);
  if (row.record !== "feature_unblocked" || known.includes(feature)) return;
  throw new ConfigurationError(
    `backlog unblock: expected a feature of the backlog, got "${feature}". It holds: ${known.join(", ") || "none"}.`,
  );
}

async function withLedger(
  { dataDir }: BacklogOptions,
  environment: Environment,
  use: (store: LedgerStore) => Promise<Result>,
): Promise<Result> {
  const folder = locateDataFolder(dataDir, environment);
  createDataFolder(folder);
  const store = await openLedger(folder, environment);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/iu;

function readFeature({ feature }: FeatureOptions): string {
  if (NAME.test(feature)) return feature;
  throw new ConfigurationError(
    `backlog: expected the name of a feature in letters, digits, dots, dashes and underscores, got "${feature}". Write e.g. lru-cache.`,
  );
}

function readCause(by: string | undefined): BlockCause | null {
  if (by === undefined) return null;
  const cause = BlockCause.safeParse(by);
  if (cause.success) return cause.data;
  throw new ConfigurationError(
    `--by: expected capacity, tooling or docs, got "${by}". Write one of them.`,
  );
}

function show(backlog: readonly BacklogFeature[], { json }: BacklogOptions): string {
  const readyBlocked = countBlockedByCapacity(backlog);
  if (json === true) {
    const features = backlog.map(({ featureId, isReady, blockedBy }) => ({
      feature_id: featureId,
      ready: isReady,
      blocked_by: blockedBy,
    }));
    return JSON.stringify({ features, ready_blocked_by_capacity_alone: readyBlocked }, null, 2);
  }
  if (backlog.length === 0)
    return "The backlog is empty. Add to it: experiment backlog ready FEATURE";
  const rows = backlog.map(({ featureId, isReady, blockedBy }) => [
    toPlainLine(featureId),
    isReady ? "yes" : "no",
    blockedBy.join(", ") || "-",
  ]);
  return [
    plainTable([["FEATURE", "READY", "BLOCKED BY"], ...rows]),
    "",
    `Ready and blocked by capacity alone: ${String(readyBlocked)}`,
  ].join("\n");
}
