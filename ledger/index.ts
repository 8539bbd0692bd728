/**
 * The ledger of Counterbalance as a library: `counterbalance/ledger`.
 *
 * Open a ledger, list its experiments, and fold the rows of one of them into a view.
 */
export { openJsonlStore, type JsonlStoreOptions } from "./store/open-jsonl-store.ts";
export type { LedgerReader, LedgerStore } from "./store/store.ts";
export type { Clock } from "./domain/clock.ts";
export type { Row } from "./domain/row.ts";
export { validateRow } from "./domain/validate-row.ts";
export { listExperiments, type ListedExperiment } from "./views/list-experiments.ts";
export { openExperimentView } from "./views/open-view.ts";
export type { ExperimentView } from "./views/experiment-view.ts";
export {
  verifyLedger,
  type Verification,
  type VerifyOptions,
} from "./verification/verify-ledger.ts";
