import { MAIN_AGENT } from "../../ledger/domain/window.ts";

/** A window as a table names it; agents other than `main` are named, since their windows may share an id. */
export function windowLabel(window: string, agent: string | null): string {
  return agent === null || agent === MAIN_AGENT ? window : `${window} (${agent})`;
}
