import { MAIN_AGENT } from "./window.ts";

/** The experiment that all manual windows of a ledger belong to; it has no registration. */
export const MANUAL_EXPERIMENT = "manual";

interface WindowPlace {
  readonly window: string;
  readonly provider: string;
  readonly window_agent?: string | undefined;
}

/** How the windows of an experiment come about. Whatever depends on that asks here. */
export interface Design {
  /** A plan fixed question, order and gates before the first window. Otherwise the rows show them. */
  readonly isRegistered: boolean;
  /** `run` works the windows. Otherwise an operator does, and takes readings as rows of their own. */
  readonly isDriven: boolean;
  /** The name of an experiment whose rows give it none. */
  titleOf(experimentId: string): string;
  /** Identifies a window among those of its experiment. */
  windowKey(place: WindowPlace): string;
  /** The agent that makes a window's name unique; null if its id is enough. */
  agentOf(place: Pick<WindowPlace, "window_agent">): string | null;
}

const REGISTERED: Design = {
  isRegistered: true,
  isDriven: true,
  titleOf: (experimentId) => experimentId,
  windowKey: ({ window }) => window,
  agentOf: () => null,
};

/** Several agents may work windows of the same name. */
export const MANUAL: Design = {
  isRegistered: false,
  isDriven: false,
  titleOf: () => "manual windows",
  windowKey: (place) => JSON.stringify([place.window, place.provider, MANUAL.agentOf(place)]),
  agentOf: ({ window_agent: agent = MAIN_AGENT }) => agent,
};

/** @param experimentId - Of a view or a row; a row that names no experiment belongs to no manual window. */
export function designOf(experimentId: unknown): Design {
  return experimentId === MANUAL_EXPERIMENT ? MANUAL : REGISTERED;
}

/** Whether a row belongs to a manual window. */
export function isManual(row: Readonly<Record<string, unknown>>): boolean {
  return row["experiment_id"] === MANUAL_EXPERIMENT;
}
