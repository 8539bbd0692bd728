import type { Meter } from "../../ledger/domain/meter.ts";
import type { Task } from "../bank/task.ts";
import type { BudgetAttempt } from "../budgets/budget-attempt.ts";
import type { AgentEnd } from "../drivers/run-agent-process.ts";
import type { ReadyProvider } from "../providers/check-providers.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import type { AttemptTally } from "./attempt-tally.ts";

/** What the agent's run left, before it is sealed and graded. */
export interface AgentRunRecord {
  readonly task: Task;
  readonly ready: ReadyProvider;
  readonly workspace: Workspace;
  readonly budget: BudgetAttempt;
  /** What the vendor told of its own meters with its answers. */
  readonly meters: readonly Meter[];
  readonly tally: AttemptTally;
  readonly end: AgentEnd;
  readonly capture: string;
  /** What kept the agent away from bank, ledger and other windows. */
  readonly isolation: "bubblewrap" | "none";
}
