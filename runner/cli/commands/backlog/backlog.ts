import { existsSync } from "node:fs";

import { sayMeant } from "../../../../ledger/domain/nearest-name.ts";
import type { NewRow } from "../../../../ledger/domain/row.ts";
import {
  type BacklogFeature,
  countBlockedByCapacity,
  foldBacklog,
} from "../../../../ledger/views/backlog-view.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import { createDataFolder, locateDataFolder } from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { readLedger, useLedger } from "../../../platform/environment/use-ledger.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { doneWith, type Result } from "../../result.ts";
import type * as definitions from "./definition.ts";

const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/iu;

/** Records that work on a feature could start now. */
export const backlogReady: CodeOf<typeof definitions.backlogReady> = (options, environment) =>
  add({ record: "feature_ready", feature_id: checkName(options) }, options, environment);

/** Records what blocks a feature. */
export const backlogBlock: CodeOf<typeof definitions.backlogBlock> = (options, environment) => {
  const row = { record: "feature_blocked", feature_id: checkName(options), by: options.by };
  return add(row, options, environment);
};

/** Records that one cause, or every cause, is gone. */
export const backlogUnblock: CodeOf<typeof definitions.backlogUnblock> = (options, environment) => {
  const { by = null } = options;
  const row = { record: "feature_unblocked", feature_id: checkName(options), by };
  return add(row, options, environment);
};

/** Shows the backlog and what the second gate counts of it. */
export const backlogList: CodeOf<typeof definitions.backlogList> = async (options, environment) => {
  const folder = locateDataFolder(options.dataDir, environment);
  if (!existsSync(folder.ledger)) return say([], options, environment);
  return await readLedger(folder, environment, (store) =>
    say(foldBacklog(store.read("backlog")), options, environment),
  );
};

type BacklogOptions = OptionsOf<typeof definitions.backlogList>;

/** Adds a row, and shows the backlog. */
async function add(
  row: NewRow,
  options: BacklogOptions,
  environment: Environment,
): Promise<Result> {
  const folder = locateDataFolder(options.dataDir, environment);
  createDataFolder(folder);
  return await useLedger(folder, environment, async (store) => {
    refuseUnknown(row, foldBacklog(store.read("backlog")));
    await store.append("backlog", [{ ...row, source: "override" }]);
    return say(foldBacklog(store.read("backlog")), options, environment);
  });
}

function say(
  backlog: readonly BacklogFeature[],
  options: BacklogOptions,
  environment: Environment,
): Result {
  const readyBlocked = countBlockedByCapacity(backlog);
  const features = backlog.map(({ featureId, isReady, blockedBy }) => ({
    feature_id: featureId,
    ready: isReady,
    blocked_by: blockedBy,
  }));
  const data = { features, ready_blocked_by_capacity_alone: readyBlocked };
  return doneWith(options, data, () => describe(backlog, readyBlocked, columnsOf(environment)));
}

/** With a misspelt name, the feature that was meant would stay blocked. */
function refuseUnknown(row: NewRow, backlog: readonly BacklogFeature[]): void {
  const known = backlog.map(({ featureId }) => featureId);
  const feature = String(row["feature_id"]);
  if (row.record !== "feature_unblocked" || known.includes(feature)) return;
  throw new ConfigurationError(
    `backlog unblock: expected a feature of the backlog, got "${feature}".${sayMeant(feature, known)} It holds: ${known.join(", ") || "none"}.`,
  );
}

function checkName({ feature }: OptionsOf<typeof definitions.backlogReady>): string {
  if (NAME.test(feature)) return feature;
  throw new ConfigurationError(
    `backlog: expected the name of a feature in letters, digits, dots, dashes and underscores, got "${feature}". Write e.g. lru-cache.`,
  );
}

function describe(
  backlog: readonly BacklogFeature[],
  readyBlocked: number,
  columns?: number,
): string {
  if (backlog.length === 0)
    return "The backlog is empty. Add to it: experiment backlog ready FEATURE";
  const rows = backlog.map(({ featureId, isReady, blockedBy }) => [
    toPlainLine(featureId),
    isReady ? "yes" : "no",
    blockedBy.join(", ") || "-",
  ]);
  return [
    plainTable([["FEATURE", "READY", "BLOCKED BY"], ...rows], { columns }),
    "",
    `Ready and blocked by capacity alone: ${String(readyBlocked)}`,
  ].join("\n");
}
