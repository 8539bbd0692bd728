import { z } from "zod";

import { AnomalyRecorded } from "./anomaly.ts";
import { FeatureBlocked, FeatureReady, FeatureUnblocked } from "./backlog.ts";
import {
  BudgetBreached,
  BudgetDebited,
  BudgetRefused,
  BudgetReserved,
  BudgetWarned,
} from "./budget-event.ts";
import { CheckpointMade } from "./checkpoint-made.ts";
import { ChurnMeasured } from "./churn-measured.ts";
import { BlockedConnection, TunnelledConnection } from "./connection.ts";
import { ArmHalted, ArmReleased, DecisionMade } from "./decision.ts";
import {
  ExperimentAmended,
  ExperimentRegistered,
  FeatureAssigned,
  SessionClosed,
  SessionOpened,
} from "./experiment.ts";
import type { LedgerFile } from "./ledger-file.ts";
import { LookTaken } from "./look.ts";
import { ProxiedRequest } from "./proxied-request.ts";
import { RoleWorked, TeamReviewed } from "./role-worked.ts";
import { RowUndone } from "./row-undone.ts";
import type { NewRow } from "./row.ts";
import { SnapshotTaken } from "./snapshot.ts";
import { WindowTrafficSummed } from "./traffic-summed.ts";
import { UsageIngested } from "./usage-ingested.ts";
import { WindowRegraded } from "./window-regraded.ts";
import { WindowFinalized, WindowInterrupted, WindowOpened } from "./window.ts";

const RECORDS: ReadonlyMap<string, { readonly file: LedgerFile; readonly schema: z.ZodType }> =
  new Map(
    (
      [
        ["experiments", [ExperimentRegistered, ExperimentAmended, SessionOpened, SessionClosed]],
        ["assignments", [FeatureAssigned]],
        ["snapshots", [SnapshotTaken]],
        ["windows", [WindowOpened, WindowInterrupted, WindowFinalized, WindowRegraded]],
        [
          "proxy_telemetry",
          [ProxiedRequest, WindowTrafficSummed, BlockedConnection, TunnelledConnection],
        ],
        ["usage", [UsageIngested]],
        ["budgets", [BudgetReserved, BudgetDebited, BudgetRefused, BudgetWarned, BudgetBreached]],
        ["anomalies", [AnomalyRecorded]],
        ["churn", [ChurnMeasured]],
        ["handoffs", [RoleWorked, TeamReviewed]],
        ["looks", [LookTaken]],
        ["decisions", [DecisionMade, ArmHalted, ArmReleased]],
        ["backlog", [FeatureReady, FeatureBlocked, FeatureUnblocked]],
        ["checkpoints", [CheckpointMade]],
      ] as const
    ).flatMap(([file, schemas]) =>
      schemas.map((schema) => [schema.shape.record.value, { file, schema }] as const),
    ),
  );

/** The schemas of all records that this version writes, by name. */
export const RECORD_SCHEMAS: ReadonlyMap<string, z.ZodType> = new Map([
  ...[...RECORDS].map(([record, { schema }]) => [record, schema] as const),
  [RowUndone.shape.record.value, RowUndone],
]);

/**
 * Checks a row before it is written: what the ledger holds can be read by the same schema later.
 * @throws Error naming file, record and field: it is a defect of the writer, not of the user.
 */
export function validateRow(file: LedgerFile, row: NewRow): void {
  // A tombstone is in the file of the row that it undoes.
  const known =
    row.record === RowUndone.shape.record.value
      ? { file, schema: RowUndone }
      : RECORDS.get(row.record);
  if (known?.file !== file) {
    throw new Error(`${file}.jsonl holds no records called ${row.record}.`);
  }
  const { error } = known.schema.safeParse(row);
  if (error !== undefined) {
    throw new Error(`A ${row.record} row is not as its schema says: ${z.prettifyError(error)}`);
  }
}
