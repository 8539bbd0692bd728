import v8 from "node:v8";

import { PositionLostError } from "../store/store-errors.ts";
import type { LedgerSnapshot } from "../store/store.ts";
import { ExperimentFold, type FoldState } from "./experiment-fold.ts";
import { keep, type Kept, readKept } from "./kept-file.ts";
import { continueView, type Positions } from "./open-view.ts";

const NOWHERE: Positions = new Map();
const NO_NUMBERS = new Float64Array(0);

interface KeptFold {
  readonly positions: Positions;
  readonly state: FoldState;
}

interface Folded {
  readonly ledger: LedgerSnapshot;
  readonly experimentId: string;
}

/** Folds an experiment from where the kept fold ends, and keeps what that adds. Without a place nothing is kept. */
export function foldKept(folded: Folded, place: Kept | undefined, nowMs: number): ExperimentFold {
  const kept = place === undefined ? undefined : readFold(place);
  const { view, ends, before } = foldRest(folded, kept);
  if (place !== undefined && !areSame(ends, before)) {
    keep(place, partsOf({ positions: ends, state: view.state }), nowMs);
  }
  return view;
}

/** Folds what the kept fold lacks, or everything if the ledger no longer has the rows that it ends with. */
function foldRest({ ledger, experimentId }: Folded, kept: KeptFold | undefined) {
  try {
    const view = new ExperimentFold(experimentId, kept?.state);
    const before = kept?.positions ?? NOWHERE;
    return { view, before, ends: continueView(ledger, view, before) };
  } catch (error) {
    if (kept === undefined || !(error instanceof PositionLostError)) throw error;
    const view = new ExperimentFold(experimentId);
    return { view, before: NOWHERE, ends: continueView(ledger, view, NOWHERE) };
  }
}

/** The numbers of requests and debits are used where they were read, without a copy. */
function partsOf({ state, ...others }: KeptFold): readonly Uint8Array[] {
  const { requests, debits } = state.traffic;
  const traffic = {
    requests: { ...requests, numbers: NO_NUMBERS },
    debits: { ...debits, numbers: NO_NUMBERS },
  };
  const rest = v8.serialize({ ...others, state: { ...state, traffic } });
  return [rest, ...[requests, debits].map(({ numbers }) => new Uint8Array(numbers.buffer))];
}

function readFold(place: Kept): KeptFold | undefined {
  const [rest, ...numbers] = readKept(place) ?? [];
  if (rest === undefined) return undefined;
  const { state, ...others }: KeptFold = v8.deserialize(rest);
  const [forRequests, forDebits] = numbers.map(({ buffer }) => new Float64Array(buffer));
  const { requests, debits } = state.traffic;
  const traffic = {
    requests: { ...requests, numbers: forRequests ?? NO_NUMBERS },
    debits: { ...debits, numbers: forDebits ?? NO_NUMBERS },
  };
  return { ...others, state: { ...state, traffic } };
}

function areSame(ends: Positions, before: Positions): boolean {
  return [...ends].every(([file, { h }]) => before.get(file)?.h === h);
}
