import { CounterbalanceError } from "../../ledger/domain/errors.ts";

/** The agent was started in a way in which it cannot work. */
export class AgentUsageError extends CounterbalanceError {
  readonly exitCode = 2;
}
