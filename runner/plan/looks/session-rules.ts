import { isDeepStrictEqual } from "node:util";
import { deserialize, serialize } from "node:v8";

import type { LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import { readBlockedByCapacity } from "../../../ledger/views/backlog-view.ts";
import { latestOf } from "../../../ledger/views/experiment-fact.ts";
import { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import { finalOf } from "../../../ledger/views/progress.ts";
import { looksAt } from "../../../reports/evidence/looks-at.ts";
import { changedHalts, currentHalts, type Stop } from "../../../reports/gate/find-stops.ts";
import { readRules, type RulesAtMoment } from "../../../reports/gate/rules-at-moment.ts";
import type { StopCondition } from "../../../reports/gate/stop-condition.ts";
import type { GateFile } from "../../../reports/looks/gate-file.ts";
import { LookMemory } from "../../../reports/looks/look-memory.ts";
import type { MatchedSet, PlannedWindow } from "../assignment/plan.ts";

/** The rules that a session applies after each window and before the next one. */
export interface SessionRules {
  /** Whether the window's arm is not halted, and the window can still complete a pair. */
  mayWork(planned: PlannedWindow, set: MatchedSet): boolean;
  /** Records the looks, decisions and halts that follow from the last window. */
  afterWindow(): Promise<void>;
  /** Compares the looks of this session, which grew pair by pair, with a full analysis. */
  checkLooks(): Promise<void>;
  /** Sentences about the halted arms; null if none is halted. */
  whyHalted(): string | null;
}

export interface RuleParts {
  readonly view: ExperimentFold;
  readonly store: Pick<LedgerStore, "read">;
  readonly journal: { write(file: LedgerFile, rows: readonly NewRow[]): Promise<unknown> };
  readonly observer: { noted(sentence: string): void };
  readonly gates: GateFile;
  readonly conditions: readonly StopCondition[];
  /** Providers that get no further window in this session, without the halted ones. */
  readonly stopped?: ReadonlyMap<string, string>;
}

/** The looks, gates and stop rules of one experiment, kept in its ledger. */
export function createSessionRules(
  parts: RuleParts,
  memory: LookMemory = new LookMemory(),
): SessionRules {
  const { view } = parts;
  // Two at once would take the same look twice, so they follow each other.
  let turn = Promise.resolve();
  return {
    mayWork: (planned, set) => mayWork(planned, set, parts),
    afterWindow: async () => {
      turn = turn.then(async () => await keepRules(parts, memory));
      await turn;
    },
    checkLooks: async () => {
      turn = turn.then(async () => await checkAgainstAll(parts, memory));
      await turn;
    },
    whyHalted: () => {
      const halts = currentHalts(view);
      return halts.length === 0 ? null : halts.map(sayStop).join("\n");
    },
  };
}

/** The rules at the start of a session. */
export async function openSessionRules(parts: RuleParts): Promise<SessionRules> {
  const rules = createSessionRules(parts);
  // An earlier session may have ended before its looks, and halts may no longer hold.
  await rules.afterWindow();
  return rules;
}

async function keepRules(parts: RuleParts, memory: LookMemory): Promise<void> {
  const { view, journal, gates, conditions, observer } = parts;
  const rules = readRules(view, memory);
  const looks = rules.takeLooks(gates);
  if (looks.length > 0) await journal.write("looks", looks);
  const degenerate = rules.findDegenerate();
  if (degenerate.length > 0) await journal.write("anomalies", degenerate);
  const { halted, released } = changedHalts(view, rules.findStops(conditions));
  const experiment_id = view.experimentId;
  const rows: readonly NewRow[] = [
    ...halted.map((stop) => ({ record: "arm_halted", experiment_id, ...stop })),
    ...released.map(({ provider, rule }) => ({
      record: "arm_released",
      experiment_id,
      provider,
      rule,
    })),
  ];
  if (rows.length > 0) await journal.write("decisions", rows);
  for (const stop of halted) observer.noted(sayStop(stop));
  if (looks.length + rows.length > 0) await recordDecisions(parts, rules);
}

/** Kind of an anomaly: no look of the session can be trusted. */
const DIFFERENT = "look-differs";

async function checkAgainstAll(parts: RuleParts, memory: LookMemory): Promise<void> {
  const { view, journal, observer } = parts;
  if (memory.isEmpty) return;
  // Nothing that the looks remember of this fold's rows is known of a copy.
  const copy = new ExperimentFold(view.experimentId, deserialize(serialize(view.state)));
  const [added, anew] = [
    decideNow(parts, readRules(view, memory)),
    decideNow(parts, readRules(copy)),
  ];
  const different = anew.filter((row, index) => !isDeepStrictEqual(row, added[index]));
  if (different.length === 0 && added.length === anew.length) return;
  const candidates = [...new Set(different.map(({ candidate }) => candidate))];
  const action = `The looks at ${candidates.join(", ")} differ from a full analysis of all pairs: this is a fault of Counterbalance, and no look of this session counts until the report agrees.`;
  await journal.write("anomalies", [
    {
      record: "anomaly_recorded",
      experiment_id: view.experimentId,
      kind: DIFFERENT,
      touches: candidates.flatMap((candidate) => latestOf(looksAt(view, candidate))?.id ?? []),
      observed: { added, anew },
      action,
    },
  ]);
  observer.noted(action);
}

/** The looks and the decisions as they would be taken now. */
function decideNow(parts: RuleParts, rules: RulesAtMoment) {
  const { gates, store } = parts;
  const input = { gates, backlogReadyBlocked: readBlockedByCapacity(store) };
  return [...rules.looksNow(gates), ...rules.decide(input)];
}

async function recordDecisions(
  { store, journal, gates }: RuleParts,
  rules: RulesAtMoment,
): Promise<void> {
  const decisions = rules.decide({ gates, backlogReadyBlocked: readBlockedByCapacity(store) });
  await journal.write("decisions", decisions);
}

/** Says in a line why an arm is halted and how to release it. */
function sayStop({ provider, rule, reason, release }: Stop): string {
  return `${provider ?? "The experiment"} is halted (${rule}): ${reason} To release it: ${release}`;
}

/** A window is useful while the other window of its pair is final or may still be worked. */
function mayWork(
  planned: PlannedWindow,
  set: MatchedSet,
  { view, stopped = new Map() }: RuleParts,
): boolean {
  const halts = currentHalts(view);
  const halted = new Set([...halts.map(({ provider }) => provider), ...stopped.keys()]);
  if (halted.has(null) || halted.has(planned.provider)) return false;
  const baseline = latestOf(view.registrations.values())?.baseline;
  return set.windows.some(
    ({ window, provider }) =>
      window !== planned.window &&
      (planned.provider === baseline || provider === baseline) &&
      (!halted.has(provider) || finalOf(view, window) !== undefined),
  );
}
