import { existsSync } from "node:fs";

import type { LedgerReader } from "../../ledger/store/store.ts";
import type { Environment } from "../environment.ts";
import { createDataFolder, locateDataFolder } from "../session/data-folder.ts";
import { checkAgent } from "../tracker/agent-state.ts";
import { createTracker, type Tracker } from "../tracker/tracker.ts";
import { NothingRecordedError, openLedger } from "./open-ledger.ts";

/** Options that every command on windows worked by hand has. */
export interface AgentOptions {
  readonly dataDir?: string;
  readonly agent?: string;
}

const OPERATOR = "operator";

/** Opens the ledger for a command that may be the first to write to it. */
export async function withTracker<Value>(
  options: AgentOptions,
  environment: Environment,
  use: (tracker: Tracker, ledger: LedgerReader) => Promise<Value>,
): Promise<Value> {
  const agent = checkAgent(options.agent ?? environment.variables["AGENT_ID"] ?? OPERATOR);
  const folder = locateDataFolder(options.dataDir, environment);
  createDataFolder(folder);
  const store = await openLedger(folder, { ...environment, variables: { AGENT_ID: agent } });
  try {
    return await use(createTracker({ store, folder, agent, clock: environment.clock }), store);
  } finally {
    await store.close();
  }
}

/** The same for a command that has nothing to do where nothing was recorded. */
export async function withExistingTracker<Value>(
  options: AgentOptions,
  environment: Environment,
  use: (tracker: Tracker, ledger: LedgerReader) => Promise<Value>,
): Promise<Value> {
  const folder = locateDataFolder(options.dataDir, environment);
  if (!existsSync(folder.ledger)) {
    throw new NothingRecordedError(
      `${folder.ledger}: there is no ledger here. Take a reading first: experiment snapshot before …, or name its folder with --data-dir.`,
    );
  }
  return await withTracker(options, environment, use);
}
