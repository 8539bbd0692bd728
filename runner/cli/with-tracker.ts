import { existsSync } from "node:fs";

import type { LedgerReader } from "../../ledger/store/store.ts";
import { createDataFolder, locateDataFolder } from "../data-folder.ts";
import type { Environment } from "../environment.ts";
import { createTracker, readAgent, type Tracker } from "../tracker/tracker.ts";
import type { OptionsOf } from "./definitions/definition.ts";
import type { AGENT } from "./definitions/manual-commands.ts";
import { NothingRecordedError, useLedger } from "./open-ledger.ts";

/** Options that every command on manual windows has. */
export type AgentOptions = OptionsOf<{ options: typeof AGENT }>;

/** Opens the ledger for a command that may be the first to write to it. */
export async function withTracker<Value>(
  options: AgentOptions,
  environment: Environment,
  use: (tracker: Tracker, ledger: LedgerReader) => Promise<Value> | Value,
): Promise<Value> {
  const agent = readAgent(options.agent, environment);
  const folder = locateDataFolder(options.dataDir, environment);
  createDataFolder(folder);
  const source = environment.isUnattended === true ? "automation" : "alias";
  return await useLedger(folder, { ...environment, variables: { AGENT_ID: agent } }, (store) =>
    use(createTracker({ store, folder, agent, source, clock: environment.clock }), store),
  );
}

/** The same for a command that needs a ledger with rows. */
export async function withExistingTracker<Value>(
  options: AgentOptions,
  environment: Environment,
  use: (tracker: Tracker, ledger: LedgerReader) => Promise<Value> | Value,
): Promise<Value> {
  const folder = locateDataFolder(options.dataDir, environment);
  if (!existsSync(folder.ledger)) {
    throw new NothingRecordedError(
      `${folder.ledger}: there is no ledger here. Take a reading first: experiment snapshot before …, or name its folder with --data-dir.`,
    );
  }
  return await withTracker(options, environment, use);
}
