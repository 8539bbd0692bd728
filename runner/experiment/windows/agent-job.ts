import type { Meter } from "../../../ledger/domain/meter.ts";
import type { WindowResources } from "../../../ledger/domain/resources.ts";
import type { AgentLog, WindowNetwork } from "../../../ledger/domain/window.ts";
import type { AgentReport } from "../../agents/drivers/driver.ts";
import type { BudgetAttempt } from "../../gateway/budgets/budget-attempt.ts";
import type { Work } from "../../gateway/budgets/budget-limits.ts";
import type { TelemetryTally } from "../../gateway/otlp/telemetry-tally.ts";
import type { Connections } from "../../gateway/proxy/network/connection-log.ts";
import type { TrafficTally } from "../../gateway/traffic/attempt-traffic.ts";
import type { ReadyProvider } from "../../plan/providers/check-providers.ts";
import type { AgentEnd } from "../../platform/processes/run-agent-process.ts";
import type { HeldSecrets } from "../../platform/redaction/known-secrets.ts";
import type { Task } from "../../tasks/bank/task.ts";
import type { Workspace } from "../../tasks/workspaces/create-workspace.ts";
import type { AttemptOrder, NoticedAnomaly } from "./window-worker.ts";

/** One agent's work in a workspace: all of an attempt, or one turn of a role in it. */
export interface AgentJob {
  readonly order: AttemptOrder;
  readonly task: Task;
  readonly ready: ReadyProvider;
  readonly workspace: Workspace;
  readonly prompt: string;
  readonly work: Work & Required<Pick<Work, "command">>;
  /** The secrets of the attempt. */
  readonly held: HeldSecrets;
  /** The place of a role's turn in the attempt; absent for an agent that works alone. */
  readonly turn?: number;
  /** The number of this run in its turn, from 1; absent for the first. */
  readonly again?: number;
  /** The rest of the window's time, milliseconds; by default all of it. */
  readonly wallLimitMs?: number;
  /** Called when the workspace is ready and the agent starts. */
  readonly began: () => void;
}

/** What one agent did, and what was measured of it. */
export interface AgentRecord {
  readonly budget: BudgetAttempt;
  /** The vendor's own meters, from its answers. */
  readonly meters: readonly Meter[];
  /** When the limit resets that the provider named last, in epoch milliseconds; null if it named none. */
  readonly limitResetsAtMs: number | null;
  readonly tally: TrafficTally;
  /** What the agent sent by OpenTelemetry; null if nothing receives it. */
  readonly telemetry: Pick<TelemetryTally, "read" | "leftOut" | "usageFault"> | null;
  /** What the agent itself says about its run. */
  readonly report: AgentReport;
  readonly end: AgentEnd;
  /** What hides the bank, the ledger and other windows from the agent. */
  readonly isolation: "bubblewrap" | "none";
  readonly network: WindowNetwork;
  readonly connections: Connections;
  readonly resources: WindowResources;
  /** What it printed; null if the disk took none of it. */
  readonly log: AgentLog | null;
  /** Facts about its log-in, and about what it left, that a person has to know. */
  readonly noticed: readonly NoticedAnomaly[];
}

/** Runs a real agent in its workspace, through the proxy and within its budgets. */
export type RunAgent = (job: AgentJob, signal: AbortSignal) => Promise<AgentRecord>;
