import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { LEDGER_FILES, type LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import { validateRow } from "../../../ledger/domain/validate-row.ts";
import type { Machine } from "../../../ledger/domain/window.ts";
import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import { toLimits } from "../../gateway/budgets/resolve-budgets.ts";
import { SpendingFold, spentSoFar } from "../../gateway/budgets/spending-fold.ts";
import type { Configuration } from "../../plan/config/configuration.ts";
import {
  createDataFolder,
  type DataFolder,
  makeFolder,
} from "../../platform/environment/data-folder.ts";
import { agentIn, type Environment } from "../../platform/environment/environment.ts";
import { toolVersion } from "../../platform/environment/package-folder.ts";
import { holdLock } from "../../platform/locks/hold-lock.ts";
import { openJournal } from "../spending/journal.ts";
import { settleOrphans } from "../spending/settle-orphans.ts";
import { rowsOfClaim } from "./handed-in-row.ts";
import type { Claim, EndedAttempt, FileRows } from "./switchboard.ts";

/** What the shared ledger gets of a claim whose work is not final: what was spent, and no end. */
const SPENDING: readonly LedgerFile[] = ["proxy_telemetry", "budgets", "anomalies"];
/** Rows that say on which machine a window was worked. */
const PLACED = new Set(["window_opened", "window_interrupted", "window_finalized"]);
export const CLAIM_FILE = "claim.json";
/** Held by the process that works the claim. */
export const LOCK_FILE = "lock";

/** The folder with the small ledgers of a worker's claims. */
export function claimsFolder({ state }: Pick<DataFolder, "state">): string {
  return path.join(state, "claims");
}

export interface ClaimParts {
  /** The worker's data folder. */
  readonly folder: DataFolder;
  readonly configuration: Pick<Configuration, "budgets" | "prices">;
  readonly environment: Environment;
  /** The worker, as the rows of its windows name it. */
  readonly machine: Machine;
}

interface ClaimPlace {
  readonly store: LedgerStore;
  readonly place: string;
  readonly unlock: () => void;
}

/** The small ledger of one claim. */
export class ClaimLedger {
  readonly claim: Claim;
  readonly store: LedgerStore;
  /** The worker's data folder, with the ledger and the state of this claim. */
  readonly folder: DataFolder;
  readonly #parts: ClaimParts;
  readonly #place: string;
  readonly #unlock: () => void;
  #isClosed = false;

  private constructor(claim: Claim, parts: ClaimParts, { store, place, unlock }: ClaimPlace) {
    this.claim = claim;
    this.store = store;
    this.#parts = parts;
    this.#place = place;
    this.#unlock = unlock;
    const [state, ledger] = [path.join(place, "state"), path.join(place, "ledger")];
    this.folder = { ...parts.folder, state, ledger };
  }

  static async open(claim: Claim, parts: ClaimParts): Promise<ClaimLedger> {
    const { folder, environment } = parts;
    createDataFolder(folder);
    const place = path.join(claimsFolder(folder), `${claim.id}.${String(claim.delivery)}`);
    makeFolder(place);
    const unlock = holdLock(path.join(place, LOCK_FILE));
    writeFileSync(path.join(place, CLAIM_FILE), JSON.stringify(claim));
    const store = await openJsonlStore({
      folder: path.join(place, "ledger"),
      clock: environment.clock,
      agentId: agentIn(environment) ?? "harness",
      toolVersion: toolVersion(),
      validate: validateRow,
    });
    return new ClaimLedger(claim, parts, { store, place, unlock });
  }

  /** The rows that this claim has written, without those that were there before. */
  rows(
    known: ReadonlySet<string | undefined>,
    files: readonly LedgerFile[] = LEDGER_FILES,
  ): readonly FileRows[] {
    const { machine } = this.#parts;
    const { experimentId, planned } = this.claim.job;
    // What this machine's own ledger notices, such as a clock that was set back, is about this window too.
    const key = { experiment_id: experimentId, window: planned.window };
    return rowsOfClaim(this.store, known, files).map(({ file, rows }) => ({
      file,
      rows: rows.map((row) => {
        if (PLACED.has(row.record)) return { ...row, machine };
        return row["window"] === undefined ? { ...row, ...key } : row;
      }),
    }));
  }

  spent(): EndedAttempt["spent"] {
    const { budgets, prices: pricing } = this.#parts.configuration;
    const { experimentId } = this.claim.job;
    const { basis } = toLimits(budgets);
    const fold = new SpendingFold({ experimentId, basis, pricing });
    return spentSoFar(this.store.read("budgets"), fold).overall;
  }

  async late(
    known: ReadonlySet<string | undefined>,
  ): Promise<Pick<EndedAttempt, "rows" | "spent">> {
    const { experimentId, planned } = this.claim.job;
    const journal = openJournal(this.store, () => undefined);
    const plan = { experimentId, sets: [] };
    await settleOrphans(this.store.read("budgets"), { plan, journal, otherwise: planned.command });
    const spent = this.spent();
    await journal.write("anomalies", [this.#claimLost(spent)]);
    return { rows: this.rows(known, SPENDING), spent };
  }

  #claimLost(spent: EndedAttempt["spent"]): NewRow {
    const { experimentId, planned } = this.claim.job;
    return {
      record: "anomaly_recorded",
      id: `claim-lost-${this.claim.id}-${String(this.claim.delivery)}`,
      experiment_id: experimentId,
      window: planned.window,
      kind: "claim-lost",
      touches: [planned.window],
      observed: { worker: this.#parts.machine.worker, tokens: spent.tokens, nano_usd: spent.usd },
      action: "The worker's agent was ended. What it spent is recorded, and its result is not.",
    };
  }

  /** Closes it and removes its files, before another process may open it. */
  async discard(): Promise<void> {
    await this.#close(() => rmSync(this.#place, { recursive: true, force: true }));
  }

  /** Closes it. Another process may open it again. */
  async leave(): Promise<void> {
    await this.#close(() => undefined);
  }

  async #close(beforeUnlock: () => void): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      await this.store.close();
      beforeUnlock();
    } finally {
      this.#unlock();
    }
  }
}
