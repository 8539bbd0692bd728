import { existsSync } from "node:fs";

import type { LedgerReader, LedgerStore } from "../../../ledger/store/store.ts";
import {
  createDataFolder,
  type DataFolder,
  locateDataFolder,
} from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { NothingRecordedError } from "../../platform/environment/nothing-recorded.ts";
import { readLedger, useLedger } from "../../platform/environment/use-ledger.ts";
import { createTracker, readAgent, type Tracker } from "./tracker.ts";

/** Options that every command on manual windows has. */
interface AgentOptions {
  readonly agent?: string;
  readonly dataDir?: string;
}

type Use<Value> = (tracker: Tracker, ledger: LedgerReader) => Promise<Value> | Value;

/** Opens the ledger for a command that may be the first to write to it. */
export async function withTracker<Value>(
  options: AgentOptions,
  environment: Environment,
  use: Use<Value>,
): Promise<Value> {
  const folder = locateDataFolder(options.dataDir, environment);
  const tracker = trackerFor(options, { folder, environment }, use);
  createDataFolder(folder);
  return await useLedger(...tracker);
}

/** The same for a command that needs a ledger with rows. */
export async function withExistingTracker<Value>(
  options: AgentOptions,
  environment: Environment,
  use: Use<Value>,
): Promise<Value> {
  locateLedger(options, environment);
  return await withTracker(options, environment, use);
}

/** The same for a command that only reads. */
export async function readTracker<Value>(
  options: AgentOptions,
  environment: Environment,
  use: Use<Value>,
): Promise<Value> {
  const folder = locateLedger(options, environment);
  return await readLedger(...trackerFor(options, { folder, environment }, use));
}

interface Place {
  readonly folder: DataFolder;
  readonly environment: Environment;
}

/** What opens the ledger for an agent, and makes the agent's tracker of it. */
function trackerFor<Value>(options: AgentOptions, { folder, environment }: Place, use: Use<Value>) {
  const agent = readAgent(options.agent, environment);
  const { clock } = environment;
  const source = environment.isUnattended === true ? "automation" : "alias";
  const track = (store: LedgerStore): Promise<Value> | Value =>
    use(createTracker({ store, folder, agent, source, clock }), store);
  return [folder, { ...environment, variables: { AGENT_ID: agent } }, track] as const;
}

/** @throws NothingRecordedError */
function locateLedger(options: AgentOptions, environment: Environment): DataFolder {
  const folder = locateDataFolder(options.dataDir, environment);
  if (!existsSync(folder.ledger)) {
    throw new NothingRecordedError(
      `${folder.ledger}: there is no ledger here. Take a reading first: experiment snapshot before …, or name its folder with --data-dir.`,
    );
  }
  return folder;
}
